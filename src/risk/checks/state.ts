import { quantityText } from '../../domain/instrument.ts';
import { roomToReduce, type Facts } from '../facts.ts';
import type { Findings } from '../findings.ts';

/** Who and where: without these nothing else can be judged. */
export function checkIdentity(found: Findings): void {
  const { account, instrument, intent, limits, mode } = found.facts;
  if (account === null) {
    found.add(
      'block',
      'ACCOUNT_NOT_FOUND',
      'text',
      intent.accountId,
      'a known account',
      (_, value) => `There is no account "${value}"; choose one of the configured accounts.`,
    );
  } else if (account.kind !== intent.accountKind) {
    found.add(
      'block',
      'ACCOUNT_KIND_MISMATCH',
      'text',
      intent.accountKind,
      account.kind,
      (facts, value, limit) =>
        `The order says ${value} but account ${facts.intent.accountId} is a ${limit} account; nothing was sent. Choose the account again.`,
    );
  }
  if (instrument === null) {
    found.add(
      'block',
      'INSTRUMENT_NOT_FOUND',
      'text',
      intent.instrument,
      'a known instrument',
      (_, value) => `Instrument ${value} is not known; add it to the watchlist first.`,
    );
  } else if (account !== null && instrument.quote !== account.currency) {
    found.add(
      'block',
      'CURRENCY_MISMATCH',
      'text',
      instrument.quote,
      account.currency,
      (facts, value, limit) =>
        `${facts.intent.instrument} is quoted in ${value} but the account is in ${limit}; use an account in ${value}.`,
    );
  }
  if (limits === null) {
    found.add(
      mode === 'protective' ? 'warn' : 'block',
      'LIMITS_MISSING',
      'text',
      'none',
      'risk limits',
      () => 'The risk limits of this account could not be read, so nothing can be sent; set them in Settings, Risk.',
    );
  }
}

/** A position that is no number can neither be added to nor reduced. */
export function checkPositionKnown(found: Findings): void {
  if (Number.isSafeInteger(found.facts.net)) return;
  found.add(
    'block',
    'POSITION_UNKNOWN',
    'text',
    String(found.facts.net),
    'a position',
    (facts) => `The position in ${facts.intent.instrument} is not known; reconcile the account first.`,
  );
}

export function checkTradingState(found: Findings): void {
  const { status, mode } = found.facts;
  if (status === null) {
    if (mode !== 'protective') {
      found.add(
        'block',
        'TRADING_STATE_UNKNOWN',
        'text',
        'unknown',
        'ACTIVE',
        () => 'The trading state is not known, so nothing can be sent; restart the engine.',
      );
    }
    return;
  }
  if (status.state === 'ACTIVE') {
    found.add('info', 'TRADING_STATE', 'text', 'ACTIVE', 'ACTIVE', () => 'Trading is active.');
  } else if (mode === 'protective') {
    found.add(
      'info',
      'TRADING_STATE',
      'text',
      status.state,
      'protective orders pass',
      (_, value) => `Trading is ${value}; protective exits and the flatten still pass.`,
    );
  } else if (status.state === 'HALTED') {
    found.add(
      'block',
      'TRADING_HALTED',
      'text',
      'HALTED',
      'ACTIVE',
      (facts) => `Trading is halted: ${why(facts)} Clear the halt with a reason to trade again.`,
    );
  } else if (mode === 'reduce') {
    found.add(
      'info',
      'TRADING_STATE',
      'text',
      'REDUCING',
      'orders that reduce pass',
      () => 'Only orders that reduce a position pass now; this one does.',
    );
  } else {
    found.add(
      'block',
      'TRADING_STATE_REDUCING',
      'text',
      'REDUCING',
      'orders that reduce',
      (facts) => `Only orders that reduce a position pass now: ${why(facts)} ${reducible(facts)}`,
    );
  }
}

function why(facts: Facts): string {
  return facts.status?.causes[0]?.sentence ?? 'the cause is not known.';
}

function reducible(facts: Facts): string {
  const { instrument, net } = facts;
  if (instrument === null || net === 0) return 'There is no position here to reduce.';
  const most = quantityText(instrument, roomToReduce(facts.intent.instrument, facts.net, facts.open));
  return `At most ${most} can be ${net > 0 ? 'sold' : 'bought'}; mark the order reduce-only.`;
}

export function checkMarketOpen(found: Findings): void {
  const { closed } = found.facts;
  if (closed === null) return;
  found.add('block', 'MARKET_CLOSED', 'text', 'closed', 'open', () => `The market is closed: ${closed}`);
}
