import { Fragment } from 'react';
import { nameOf, priceText, quantityText } from '../blotter/cells.ts';
import { cx } from '../controls/cx.ts';
import { signOf } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { bothZones, duration, timeOf } from '../format/time.ts';
import { dayName } from '../performance/month-grid.ts';
import { zoneOf } from '../performance/period.ts';
import type { ClosedTrade } from '../performance/types.ts';
import { useSettings } from '../settings/settings.ts';
import { byDay } from './journal-filter.ts';
import { labelsOf } from './labels.ts';

interface TradeTableProps {
  readonly trades: readonly ClosedTrade[];
  readonly currency: string;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

const TONES = { '-1': 'text-down', '0': '', '1': 'text-up' } as const;
const HEAD = 'px-2 py-1 font-semibold whitespace-nowrap';

function multiple(value: number | null): string {
  return value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

function Row({ trade, currency, chosen, onChoose }: Omit<TradeTableProps, 'trades'> & { readonly trade: ClosedTrade }) {
  const zone = useSettings((settings) => settings.zone);
  const { tags, mistakes } = labelsOf(trade.note?.tags ?? []);
  const rating = trade.note?.rating ?? null;
  const isChosen = trade.id === chosen;
  return (
    <tr
      className={cx('h-[var(--row)] border-t border-line', isChosen ? 'bg-[var(--selected)]' : 'hover:bg-hover')}
      onClick={() => onChoose(trade.id)}
    >
      <td className="px-3 whitespace-nowrap text-ink-2" title={bothZones(trade.exitAt)}>
        {timeOf(trade.exitAt, zone)}
      </td>
      <th scope="row" className="px-2 text-left">
        <button
          type="button"
          aria-pressed={isChosen}
          className="min-h-6 font-semibold whitespace-nowrap"
          onClick={(event) => {
            event.stopPropagation();
            onChoose(trade.id);
          }}
        >
          {nameOf(trade.instrument)}
        </button>
      </th>
      <td className={cx('px-2 whitespace-nowrap', trade.side === 'long' ? 'text-up' : 'text-down')}>
        {trade.side === 'long' ? '▲ Long' : '▼ Short'}
      </td>
      <td className="px-2 text-right whitespace-nowrap">{quantityText(trade.instrument, trade.quantity)}</td>
      <td className="px-2 text-right whitespace-nowrap">{priceText(trade.instrument, trade.entryPrice)}</td>
      <td className="px-2 text-right whitespace-nowrap">{priceText(trade.instrument, trade.exitPrice)}</td>
      <td className={`px-2 text-right font-semibold whitespace-nowrap ${TONES[`${signOf(trade.pnl)}`]}`}>
        {figures(trade.pnl, { currency, digits: 2, sign: 'always' })}
      </td>
      <td className="px-2 text-right whitespace-nowrap">{multiple(trade.figures.rMultiple)}</td>
      <td className="px-2 text-right whitespace-nowrap">{duration(trade.figures.holdingMs)}</td>
      <td className="max-w-32 truncate px-2 text-ink-2">{trade.exitReason}</td>
      <td className="max-w-56 truncate px-2" title={trade.note?.note ?? undefined}>
        {rating === null ? null : (
          <span className="text-ink" aria-label={`Rating ${rating} of 5`} role="img">
            {'★'.repeat(rating)}{' '}
          </span>
        )}
        {mistakes.map((mistake) => (
          <span key={mistake} className="text-warn">
            ▲ {mistake}{' '}
          </span>
        ))}
        <span className="text-ink-2">
          {[...tags, trade.note?.note ?? ''].filter((word) => word !== '').join(' · ')}
        </span>
      </td>
    </tr>
  );
}

/** Closed trades under the days of their exits. */
export function TradeTable({ trades, currency, chosen, onChoose }: TradeTableProps) {
  const zone = useSettings((settings) => settings.zone);
  return (
    <table className="w-full text-left">
      <thead className="sticky top-0 z-10 bg-panel text-2xs text-ink-2">
        <tr>
          <th scope="col" className={`${HEAD} pl-3`}>
            Closed {zone}
          </th>
          <th scope="col" className={HEAD}>
            Instrument
          </th>
          <th scope="col" className={HEAD}>
            Side
          </th>
          {['Quantity', 'Entry', 'Exit', `Result ${currency}`, 'R', 'Held'].map((name) => (
            <th key={name} scope="col" className={`${HEAD} text-right`}>
              {name}
            </th>
          ))}
          <th scope="col" className={HEAD}>
            Exit by
          </th>
          <th scope="col" className={HEAD}>
            Note
          </th>
        </tr>
      </thead>
      <tbody>
        {byDay(trades, zoneOf(currency)).map((day) => (
          <Fragment key={day.day}>
            <tr className="border-t border-line bg-raised">
              <th scope="rowgroup" colSpan={6} className="px-3 py-1 text-left font-semibold">
                {dayName(day.day)}{' '}
                <span className="font-normal text-ink-2">
                  · {day.trades.length} {day.trades.length === 1 ? 'trade' : 'trades'}
                </span>
              </th>
              <td className={`px-2 text-right font-semibold whitespace-nowrap ${TONES[`${signOf(day.realised)}`]}`}>
                {figures(day.realised, { currency, digits: 2, sign: 'always' })}
              </td>
              <td className="px-2 text-right">{multiple(day.totalR)}</td>
              <td colSpan={3} />
            </tr>
            {day.trades.map((trade) => (
              <Row key={trade.id} trade={trade} currency={currency} chosen={chosen} onChoose={onChoose} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
