import { nameOf, priceText, quantityText } from '../blotter/cells.ts';
import { signOf } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { bothZones, duration, timeOf } from '../format/time.ts';
import { openJournalEntry } from '../trade-journal/journal-state.ts';
import { useSettings } from '../settings/settings.ts';
import type { ClosedTrade } from './types.ts';

const TONES = { '-1': 'text-down', '0': '', '1': 'text-up' } as const;

/** The trades of a day; each opens its entry in the journal. */
export function TradeList({
  trades,
  currency,
}: {
  readonly trades: readonly ClosedTrade[];
  readonly currency: string;
}) {
  const zone = useSettings((settings) => settings.zone);
  return (
    <table className="w-full">
      <thead className="sticky top-0 bg-panel text-2xs text-ink-2">
        <tr>
          <th scope="col" className="px-3 py-1 text-left font-semibold">
            Closed {zone}
          </th>
          <th scope="col" className="px-2 py-1 text-left font-semibold">
            Trade
          </th>
          <th scope="col" className="px-2 py-1 text-right font-semibold">
            Entry → exit
          </th>
          <th scope="col" className="px-2 py-1 text-right font-semibold">
            Result
          </th>
          <th scope="col" className="px-3 py-1 text-right font-semibold">
            R
          </th>
        </tr>
      </thead>
      <tbody>
        {trades.map((trade) => (
          <tr key={trade.id} className="border-t border-line align-top">
            <td className="px-3 py-1.5 text-ink-2" title={bothZones(trade.exitAt)}>
              {timeOf(trade.exitAt, zone)}
              <span className="block text-2xs">{duration(trade.figures.holdingMs)}</span>
            </td>
            <td className="px-2 py-1">
              <button
                type="button"
                className="min-h-6 text-left font-semibold text-accent hover:underline"
                onClick={() => openJournalEntry(trade.account, trade.id)}
              >
                {trade.side === 'long' ? '▲' : '▼'} {quantityText(trade.instrument, trade.quantity)}{' '}
                {nameOf(trade.instrument)}
              </button>
              <span className="block text-2xs text-ink-2">
                {trade.strategy ?? 'by hand'} · exit {trade.exitReason}
                {trade.note === null ? '' : ' · noted'}
              </span>
            </td>
            <td className="px-2 py-1.5 text-right whitespace-nowrap">
              {priceText(trade.instrument, trade.entryPrice)}
              <span className="block">→ {priceText(trade.instrument, trade.exitPrice)}</span>
            </td>
            <td className={`px-2 py-1.5 text-right font-semibold whitespace-nowrap ${TONES[`${signOf(trade.pnl)}`]}`}>
              {figures(trade.pnl, { currency, digits: 2, sign: 'always' })}
              <span className="block text-2xs font-normal text-ink-2">
                fees {figures(trade.fees, { currency, digits: 2 })}
              </span>
            </td>
            <td className="px-3 py-1.5 text-right">{trade.figures.rMultiple?.toFixed(2).replace('-', '−') ?? '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
