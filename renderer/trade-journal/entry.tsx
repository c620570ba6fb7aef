import { nameOf, priceText, quantityText } from '../blotter/cells.ts';
import { Button } from '../controls/button.tsx';
import { openTimeline } from '../dialogs/dialog-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { money, percent } from '../format/money.ts';
import { bothZones, dateTimeOf, duration, timeOf } from '../format/time.ts';
import type { ClosedTrade } from '../performance/types.ts';
import { useSettings } from '../settings/settings.ts';
import { NoteForm } from './note-form.tsx';

const TONES = { '-1': 'text-down', '0': 'text-ink', '1': 'text-up' } as const;

function multiple(value: number | null, without: string): string {
  return value === null ? without : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)} R`;
}

function rows(trade: ClosedTrade, currency: string): readonly (readonly [string, string])[] {
  const { figures: f } = trade;
  const excursion = (value: typeof f.mae) =>
    value === null
      ? 'not watched'
      : `${percent(value.pct / 100)} · ${money(value.money.toFixed(2), currency, { sign: 'always' })}${value.r === null ? '' : ` · ${multiple(value.r, '')}`}`;
  const share = (value: number | null) => (value === null ? 'not watched' : percent(value, { digits: 0 }));
  return [
    ['Result, % of entry', percent(trade.returnPct / 100)],
    ['R multiple', multiple(f.rMultiple, 'no stop was set')],
    ['Risked', trade.initialRisk === null ? 'no stop was set' : money(trade.initialRisk, currency)],
    ['Planned reward to risk', f.riskReward === null ? 'no target or stop' : f.riskReward.toFixed(2)],
    ['Held', duration(f.holdingMs)],
    ['Worst while open (MAE)', excursion(f.mae)],
    ['Best while open (MFE)', excursion(f.mfe)],
    ['Kept of the best', f.captured === null ? '–' : percent(f.captured, { digits: 0 })],
    ['Entry · exit efficiency', `${share(f.entryEfficiency)} · ${share(f.exitEfficiency)}`],
    ['Fees', money(trade.fees, currency)],
    ['Strategy', trade.strategy ?? 'by hand'],
  ];
}

interface EntryProps {
  readonly trade: ClosedTrade;
  readonly currency: string;
  readonly onSaved: () => void;
}

/** One trade in full, and what its trader notes on it. */
export function Entry({ trade, currency, onSaved }: EntryProps) {
  const zone = useSettings((settings) => settings.zone);
  return (
    <article aria-label="Journal entry" className="flex flex-col gap-3 p-3">
      <header className="flex items-start justify-between gap-3">
        <div>
          <h3 className="text-base font-semibold">
            {trade.side === 'long' ? '▲ Long' : '▼ Short'} {quantityText(trade.instrument, trade.quantity)}{' '}
            {nameOf(trade.instrument)}
          </h3>
          <p className="text-ink-2" title={bothZones(trade.entryAt)}>
            {dateTimeOf(trade.entryAt, zone)} to {timeOf(trade.exitAt, zone)} {zone}
          </p>
        </div>
        <span className={`text-lg font-semibold whitespace-nowrap ${TONES[`${signOf(trade.pnl)}`]}`}>
          {money(trade.pnl, currency, { sign: 'always' })}
        </span>
      </header>
      <dl className="grid grid-cols-1">
        {rows(trade, currency).map(([name, text]) => (
          <div key={name} className="flex justify-between gap-3 border-t border-line py-1">
            <dt className="text-ink-2">{name}</dt>
            <dd className="text-right">{text}</dd>
          </div>
        ))}
      </dl>
      <table className="w-full text-left" aria-label="Entry and exits">
        <tbody>
          <tr className="border-t border-line">
            <th scope="row" className="py-1 font-medium">
              Entry
            </th>
            <td title={bothZones(trade.entryAt)}>{timeOf(trade.entryAt, zone)}</td>
            <td className="text-right">{quantityText(trade.instrument, trade.quantity)}</td>
            <td className="text-right">{priceText(trade.instrument, trade.entryPrice)}</td>
            <td className="w-20 py-0.5 text-right">
              <Button size="small" aria-label="Order of the entry" onClick={() => openTimeline(trade.entryOrder)}>
                Order
              </Button>
            </td>
          </tr>
          {trade.exits.map((exit) => (
            <tr key={`${exit.order} ${exit.at} ${exit.quantity}`} className="border-t border-line">
              <th scope="row" className="py-1 font-medium">
                {exit.reason}
              </th>
              <td title={bothZones(exit.at)}>{timeOf(exit.at, zone)}</td>
              <td className="text-right">{quantityText(trade.instrument, exit.quantity)}</td>
              <td className="text-right">{priceText(trade.instrument, exit.price)}</td>
              <td className="w-20 py-0.5 text-right">
                <Button
                  size="small"
                  aria-label={`Order of the exit ${exit.reason}`}
                  onClick={() => openTimeline(exit.order)}
                >
                  Order
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <NoteForm key={trade.id} trade={trade} onSaved={onSaved} />
    </article>
  );
}
