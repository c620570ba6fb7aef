import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { SimulatedClock } from '../../../src/clock/simulated.ts';
import type { OrderTicket, OrderView, PlaceOrder } from '../../../src/contract/types.ts';
import { createWorkstation, type WorkstationOptions } from '../../../src/engine/create-workstation.ts';
import type { OrderRefusal, Workstation } from '../../../src/engine/workstation.ts';
import { DEFAULT_ACCOUNTS } from '../../../src/engine/workstation/options.ts';
import type { Result } from '../../../src/domain/refusal.ts';

/** Friday 2026-11-20, 11:30 in India: the NSE is open. */
export const FRIDAY = Date.parse('2026-11-20T06:00:00Z');
export const SATURDAY = Date.parse('2026-11-21T06:00:00Z');
export const BTC = 'BTCUSDT.SIM';
export const ETH = 'ETHUSDT.SIM';
export const TCS = 'TCS.NSE';

/** Shares bought to be kept: held over night and the weekend. */
export const DELIVERY = DEFAULT_ACCOUNTS.map((one) => ({ ...one, type: 'cash', leverage: '1' }) as const);

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewright-desk-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export type Desk = Workstation & { close(): Promise<void> };

export interface Bench {
  readonly dataDir: string;
  readonly clock: SimulatedClock;
  readonly desk: Desk;
  /** Lets the time of the engine pass; feeds hand over their batches in between. */
  pass(ms: number): Promise<void>;
}

/** An engine over a folder of its own, whose time only passes when told to. */
export async function openBench(
  options: Partial<WorkstationOptions> & { readonly start?: number } = {},
): Promise<Bench> {
  const { start = FRIDAY, ...rest } = options;
  const dataDir = rest.dataDir ?? temporaryFolder();
  const clock = new SimulatedClock(start);
  const desk = await createWorkstation({ seed: 7, ...rest, dataDir, clock });
  onTestFinished(() => desk.close());
  return { dataDir, clock, desk, pass: (ms) => passTime(clock, ms) };
}

const STEP_MS = 50;

export async function passTime(clock: SimulatedClock, ms: number): Promise<void> {
  const end = clock.now() + ms;
  while (clock.now() < end) {
    clock.advanceTo(Math.min(end, clock.now() + STEP_MS));
    await turn();
  }
}

export function ticket(change: Partial<OrderTicket> = {}): OrderTicket {
  return {
    account: 'paper-usdt',
    instrument: BTC,
    side: 'buy',
    type: 'market',
    quantity: '0.1',
    price: null,
    trigger: null,
    timeInForce: 'GTC',
    expireAt: null,
    postOnly: false,
    reduceOnly: false,
    stopLoss: null,
    takeProfit: null,
    trailing: null,
    note: null,
    ...change,
  };
}

let keys = 0;
export function placing(change: Partial<PlaceOrder> = {}): PlaceOrder {
  keys += 1;
  return { ...ticket(change), idempotencyKey: `key-${process.pid}-${keys}`, ...change };
}

/** The answer of a command that is expected to succeed. */
export function granted<T>(result: Result<T, OrderRefusal>): T {
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.sentence}`);
  return result.value;
}

export function refusalOf<T>(result: Result<T, OrderRefusal>): OrderRefusal {
  if (result.ok) throw new Error('expected a refusal');
  return result.error;
}

/** Places an order the way the window does: review first, then place with the token. */
export async function buy(bench: Bench, change: Partial<PlaceOrder> = {}): Promise<OrderView> {
  const order = placing(change);
  const { idempotencyKey, reviewToken: _token, acknowledged: _codes, ...asked } = order;
  const preview = granted(bench.desk.orders.preview(asked));
  const { reviewToken } = preview;
  return granted(
    await bench.desk.orders.place({ ...asked, idempotencyKey, ...(reviewToken === null ? {} : { reviewToken }) }),
  );
}

export async function orderNow(bench: Bench, id: string): Promise<OrderView> {
  return granted(await Promise.resolve(bench.desk.orders.timeline(id))).order;
}

export function account(bench: Bench, id = 'paper-usdt') {
  const found = bench.desk.portfolio.read().accounts.find((one) => one.account === id);
  if (found === undefined) throw new Error(`no account ${id}`);
  return found;
}

export function position(bench: Bench, instrument = BTC) {
  return bench.desk.portfolio.read().positions.find((one) => one.instrument === instrument);
}
