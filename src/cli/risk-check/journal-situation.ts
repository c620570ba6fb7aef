import { join } from 'node:path';
import type { Account } from '../../domain/account.ts';
import type { Instrument, InstrumentId } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import { RefusalError } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import { AccountFees } from '../../engine/account-fees.ts';
import { EngineRiskView } from '../../engine/risk-view.ts';
import { dayRecord, highsUnreadable } from '../../engine/workstation/day-records.ts';
import { LimitsDesk } from '../../engine/workstation/limits-desk.ts';
import { PROTECTIONS_FILE, restoreProtections } from '../../engine/workstation/lock-desk.ts';
import { isDeskSession, storedCauses, VENUE_MODELS } from '../../engine/workstation/session-opening.ts';
import { type JournalFile, openJournalFile } from '../../journal/journal-file.ts';
import { lastRecordedPrice } from '../../journal/market-reader.ts';
import { PriceBoard } from '../../market/price-board.ts';
import { createPortfolio } from '../../portfolio/portfolio.ts';
import { createRiskGate } from '../../risk/create-gate.ts';
import { EquityHighs } from '../../risk/equity-highs.ts';
import { KillLatch } from '../../risk/kill-latch.ts';
import { type Cause, raiseCause, readCauses, statusOf } from '../../risk/trading-state.ts';
import { isObject } from '../what-if/script-json.ts';
import { orderFault } from './order-fields.ts';
import type { OrderFile } from './order-file.ts';
import type { Situation } from './situation.ts';
import { intentOf, units } from './stated-situation.ts';

/** As in the running engine. */
const STALE_AFTER_MS = 10_000;
const RECENT = 200;

/** Judges by an engine's folder, running or not, as that engine would judge now; only prices may come from the file. */
export function journalSituation(file: OrderFile, dataDir: string, wallClock: EpochMs): Situation {
  for (const [part, given] of [
    ['account', typeof file.account === 'object' && file.account !== null],
    ['limits', file.limits !== undefined],
    ['state', file.state !== null],
    ['fees', file.fees !== null],
  ] as const) {
    if (given) throw orderFault(`With --data-dir "${part}" comes from the engine's folder; leave it out of the file.`);
  }
  const journal = openJournalFile(dataDir);
  try {
    return fromJournal(file, dataDir, file.at ?? wallClock, journal);
  } finally {
    journal.close();
  }
}

function fromJournal(file: OrderFile, dataDir: string, now: EpochMs, journal: JournalFile): Situation {
  const { read } = journal;
  const session = read.sessions().find(isDeskSession);
  if (session === undefined) {
    throw new RefusalError({
      code: 'NO_SESSION',
      sentence: `No engine has traded from ${dataDir} yet; start it once, or leave --data-dir out and state the account.`,
    });
  }
  const assumptions: string[] = [];
  const instruments = new Map(read.instruments().map((one) => [one.id, one]));
  const instrument = findInstrument(file, instruments);
  const accounts = new Map(read.accounts(session.id).map((one) => [one.id, one]));
  const account = findAccount(file, accounts, instrument);
  const orders = read.ordersPage({ limit: RECENT }, { sessionId: session.id }).rows.map(({ order }) => order);
  const open = read.orders({ sessionId: session.id, openOnly: true }).map(({ order }) => order);
  const portfolio = createPortfolio({ accounts: [...accounts.values()], instruments });
  const restored = portfolio.restore(read.positions(session.id), read.balances(session.id));
  if (!restored.ok) throw new RefusalError(restored.error);
  const board = new PriceBoard(instruments.values());
  priceBoard(file, dataDir, board, instrument, heldBy(portfolio, accounts, open, instrument), now, assumptions);
  for (const line of board.lines()) {
    if (line.last > 0 || line.bid > 0 || line.ask > 0) {
      portfolio.mark(line.instrument.id, line.bid, line.ask, line.last, line.ts);
    }
  }
  const view = new EngineRiskView({
    clock: { now: () => now, setTimer: () => () => {} },
    board,
    portfolio,
    accounts,
    instruments,
    openOrders: (id) => open.filter((order) => order.accountId === id),
    staleAfterMs: STALE_AFTER_MS,
    sessions: true,
    intraday: null,
  });
  const highs = new EquityHighs(dataDir).load();
  const days = new Map(
    [...accounts.values()]
      .flatMap((one) => dayRecord(read, one, now, highs.records))
      .map((record) => [record.accountId, record] as const),
  );
  const limits = new LimitsDesk(dataDir);
  const latch = new KillLatch(dataDir).read();
  let causes = readCauses(storedCauses(read, latch.written), now);
  if (!highs.readable) causes = raiseCause(causes, highsUnreadable(now));
  if (latch.halted) causes = raiseCause(causes, haltOf(latch.reason, latch.since ?? now));
  const fees = new AccountFees();
  const sources = {
    view,
    limits: (id: string) => limits.inForce(id, days.get(id)?.startEquity ?? null),
    state: (id: string) => statusOf(causes, id),
    day: (id: string) => days.get(id) ?? null,
    fees: (one: Instrument, id: string) =>
      fees.of(one.calendar === 'nse' ? VENUE_MODELS.nse : VENUE_MODELS.crypto, accounts.get(id) ?? null),
  };
  const gate = createRiskGate(sources);
  restoreProtections(gate.protections, join(dataDir, PROTECTIONS_FILE), now);
  for (const order of orders.toReversed()) gate.noteSubmitted(order, order.createdAt);
  assumptions.push(`Account, limits and trading state as of session ${session.id}.`);
  const { stopLoss } = file.order;
  const stop = stopLoss === null ? null : units(stopLoss, instrument.priceDigits, 'stopLoss');
  return {
    intent: intentOf(file.order, instrument, account),
    plan: { stop },
    gate,
    sources: { ...sources, sentWithin: (id, windowMs) => gate.sentWithin(id, windowMs) },
    assumptions,
  };
}

function findInstrument(file: OrderFile, known: ReadonlyMap<InstrumentId, Instrument>): Instrument {
  if (isObject(file.instrument ?? undefined)) {
    throw orderFault('With --data-dir the instrument is named by its symbol or id; its terms come from the folder.');
  }
  if (typeof file.instrument !== 'string')
    throw orderFault('The order names no symbol; give "symbol" or "instrument".');
  const name = file.instrument.toUpperCase();
  const found = known.get(name);
  if (found !== undefined) return found;
  const alike = [...known.values()].filter(({ symbol }) => symbol === name.replace('/', ''));
  if (alike.length > 1) {
    throw orderFault(`${name} trades on several venues; write ${alike.map(({ id }) => id).join(' or ')}.`);
  }
  const [one] = alike;
  if (one !== undefined) return one;
  throw new RefusalError({
    code: 'INSTRUMENT_NOT_FOUND',
    sentence: `The engine's folder knows no instrument "${file.instrument}"; write it as SYMBOL or SYMBOL.VENUE.`,
  });
}

function findAccount(
  file: OrderFile,
  accounts: ReadonlyMap<string, Account>,
  instrument: Instrument,
): Pick<Account, 'id' | 'kind'> {
  // Of an unknown one the gate says so.
  if (typeof file.account === 'string') return accounts.get(file.account) ?? { id: file.account, kind: 'paper' };
  const fitting = [...accounts.values()].filter(({ currency }) => currency === instrument.quote);
  if (fitting.length === 1 && fitting[0] !== undefined) return fitting[0];
  throw orderFault(
    `The folder has ${fitting.length === 0 ? 'no account' : 'several accounts'} in ${instrument.quote}; name one in "account": ${[...accounts.keys()].join(', ')}.`,
  );
}

function heldBy(
  portfolio: ReturnType<typeof createPortfolio>,
  accounts: ReadonlyMap<string, Account>,
  open: readonly Order[],
  instrument: Instrument,
): ReadonlySet<InstrumentId> {
  const held = [...accounts.keys()].flatMap((id) => [...portfolio.held(id)]);
  return new Set([...held, ...open.map((order) => order.instrument), instrument.id]);
}

/** Last recorded prices with their own age; the order's instrument at the file's quote where it states one. */
function priceBoard(
  file: OrderFile,
  dataDir: string,
  board: PriceBoard,
  instrument: Instrument,
  held: ReadonlySet<InstrumentId>,
  now: EpochMs,
  assumptions: string[],
): void {
  for (const line of board.lines()) {
    if (!held.has(line.instrument.id)) continue;
    const last = lastRecordedPrice(dataDir, line.instrument);
    if (last === null) continue;
    line.last = last.price;
    line.ts = last.ts;
  }
  const { bid, ask, last, bidQuantity, askQuantity, book, ageMs } = file.market;
  const line = board.line(instrument.id);
  if (line === null) return;
  if (bid === null && ask === null && last === null) {
    assumptions.push('Prices are the last recorded ones: the file states no quote.');
    return;
  }
  const price = (text: string | null): number => (text === null ? 0 : units(text, instrument.priceDigits, 'price'));
  const quantity = (text: string | null): number =>
    text === null ? 0 : units(text, instrument.quantityDigits, 'quantity');
  const at = now - (ageMs ?? 0);
  if (book !== null) {
    const flat = (levels: readonly (readonly [string, string])[]): number[] =>
      levels.flatMap(([one, size]) => [price(one), quantity(size)]);
    board.apply({
      kind: 'book',
      instrument: instrument.id,
      ts: at,
      at,
      sequence: 1,
      bids: flat(book.bids),
      asks: flat(book.asks),
    });
  }
  line.bid = price(bid);
  line.ask = price(ask);
  line.bidQuantity = quantity(bidQuantity);
  line.askQuantity = quantity(askQuantity);
  line.last = price(last) || line.last;
  line.ts = at;
}

function haltOf(reason: string | null, at: EpochMs): Cause {
  return {
    code: 'KILL_SWITCH',
    scope: null,
    level: 'HALTED',
    latched: true,
    at,
    sentence: reason ?? 'no reason was recorded.',
  };
}
