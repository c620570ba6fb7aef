import { dayText, istDay, istInstant, istIso } from '../../clock/ist.ts';
import type { MarketStatus } from '../../clock/market-calendar.ts';
import type { OrderType, TimeInForce } from '../../domain/order.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';

/** What a call auction takes. Times are Asia/Kolkata; `from` is the first day of force. */
interface AuctionRules {
  readonly effectiveFrom: string;
  /** Order entry; outside it the auction collects nothing. */
  readonly entry: readonly [string, string];
  /** From this time limit orders only; null = market orders to the end. */
  readonly limitOnlyFrom: string | null;
  /** Whether stop and immediate orders are refused. */
  readonly plainOnly: boolean;
}

const LONG_AGO = '0000-01-01';

/** Opening auction: NSE FAQ of 2026-07-01 for the change of 2026-09-07. */
const PREOPEN: readonly AuctionRules[] = [
  { effectiveFrom: LONG_AGO, entry: ['09:00', '09:08'], limitOnlyFrom: null, plainOnly: true },
  { effectiveFrom: '2026-09-07', entry: ['09:00', '09:10'], limitOnlyFrom: '09:05', plainOnly: true },
];
/** Closing auction of shares with derivatives: NSE/CMTR/72394 and NSE/CMTR/74466. */
const CLOSING: readonly AuctionRules[] = [
  { effectiveFrom: '2026-08-03', entry: ['15:20', '15:30'], limitOnlyFrom: '15:25', plainOnly: true },
];

/**
 * Why an order may not be entered in this state of the market; null in continuous trading. Call auctions collect orders
 * for one price; the simulator matches continuous trading, so even an order that an auction would take is refused, after
 * the auction's own rules have been looked at.
 */
export function entryRefusal(
  order: { readonly type: OrderType; readonly timeInForce: TimeInForce },
  symbol: string,
  at: EpochMs,
  status: MarketStatus,
): Refusal | null {
  if (status.state === 'open') return null;
  const next = status.nextOpen === null ? 'not known' : istIso(status.nextOpen);
  const send = `The next continuous session opens ${next}; send the order then.`;
  if (status.state === 'preopen' || status.state === 'closing_auction') {
    const isOpening = status.state === 'preopen';
    const refusal = auctionRefusal(order, isOpening ? PREOPEN : CLOSING, at, isOpening ? 'opening' : 'closing');
    if (refusal !== null) return refusal;
    return {
      code: 'AUCTION_NOT_SIMULATED',
      sentence: `${symbol}: ${status.reason}. A call auction trades at one price after order entry ends, which this simulator does not match. ${send}`,
      value: istIso(at),
      limit: next,
    };
  }
  return {
    code: 'MARKET_CLOSED',
    sentence: `${symbol} is not trading: ${status.reason}. ${send}`,
    value: istIso(at),
    limit: next,
  };
}

function auctionRefusal(
  order: { readonly type: OrderType; readonly timeInForce: TimeInForce },
  dated: readonly AuctionRules[],
  at: EpochMs,
  auction: string,
): Refusal | null {
  const day = istDay(at);
  const date = dayText(day);
  const rules = dated.findLast(({ effectiveFrom }) => effectiveFrom <= date);
  // A special session has an auction window of its own, whose inner times are not published.
  if (rules === undefined || at < istInstant(day, rules.entry[0]) - 3_600_000) return null;
  const [from, to] = rules.entry;
  if (at < istInstant(day, from) || at >= istInstant(day, to)) {
    return at >= istInstant(day, to) + 3_600_000
      ? null
      : {
          code: 'AUCTION_ENTRY_CLOSED',
          sentence: `The ${auction} auction takes orders from ${from} to ${to}; nothing is entered now.`,
          value: istIso(at),
          limit: `${from}-${to}`,
        };
  }
  const isStop = order.type === 'stop' || order.type === 'stop-limit';
  const isImmediate = order.timeInForce === 'IOC' || order.timeInForce === 'FOK';
  if (rules.plainOnly && (isStop || isImmediate)) {
    const what = isStop ? 'stop' : order.timeInForce;
    return {
      code: 'AUCTION_ORDER_TYPE',
      sentence: `The ${auction} auction takes no ${what} orders; use a limit order.`,
      value: what,
      limit: 'limit, market',
    };
  }
  const isMarket = order.type === 'market';
  if (isMarket && rules.limitOnlyFrom !== null && at >= istInstant(day, rules.limitOnlyFrom)) {
    return {
      code: 'AUCTION_LIMIT_ONLY',
      sentence: `From ${rules.limitOnlyFrom} the ${auction} auction takes limit orders only; give a limit price.`,
      value: 'market',
      limit: 'limit',
    };
  }
  return null;
}
