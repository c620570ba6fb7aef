import type { TicketInput } from './draft.ts';

const UNITS = { price: '', percent: ' %', bps: ' bp', ticks: ' ticks' } as const;
const SOURCES = { last: 'the last trade', 'bid-ask': 'bid/ask', mid: 'the mid', mark: 'the mark' } as const;

/** What ties an order to prices and other orders, a line each: name and terms. */
export function linkLines(
  ticket: TicketInput,
  price: (text: string) => string,
): readonly (readonly [string, string])[] {
  const { trailingStop, condition, bracket, oco } = ticket;
  const lines: [string, string][] = [];
  if (trailingStop !== undefined) {
    const kind = trailingStop.offsetType ?? 'price';
    const offset = kind === 'price' ? price(trailingStop.offset) : `${trailingStop.offset}${UNITS[kind]}`;
    const from = trailingStop.activation ? ` from ${price(trailingStop.activation)} on` : '';
    lines.push(['Trails', `${offset} behind ${SOURCES[trailingStop.triggerSource ?? 'bid-ask']}${from}`]);
  }
  if (condition !== undefined) {
    const sign = condition.when === 'at-or-above' ? '≥' : '≤';
    lines.push(['Waits until', `${SOURCES[condition.source ?? 'last']} ${sign} ${price(condition.price)}`]);
  }
  if (bracket !== undefined) {
    const parts = [
      bracket.stopLoss ? `stop ${price(bracket.stopLoss)}` : null,
      bracket.takeProfit ? `target ${price(bracket.takeProfit)}` : null,
      bracket.trailing ? `trail ${price(bracket.trailing.offset)}` : null,
    ];
    lines.push(['Bracket', parts.filter((part) => part !== null).join(' · ')]);
  }
  if (oco !== undefined && oco.length > 0) lines.push(['One cancels the other', oco.join(', ')]);
  return lines;
}
