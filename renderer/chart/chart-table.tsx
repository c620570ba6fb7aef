import type { BarView, InstrumentView } from '../../src/contract/types.ts';
import { displayName } from '../desk/instruments.ts';
import { figures } from '../format/money.ts';
import { bothZones, timeOf, type Zone } from '../format/time.ts';

interface ChartTableProps {
  readonly bars: readonly BarView[];
  readonly instrument: InstrumentView;
  readonly zone: Zone;
}

/** The newest candles as figures, for those who cannot see the picture or want the exact numbers. */
export function ChartTable({ bars, instrument, zone }: ChartTableProps) {
  const price = (text: string) => figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  return (
    <div
      className="w-80 max-w-[55%] shrink-0 overflow-auto border-l border-line"
      role="region"
      aria-label={`Candles of ${displayName(instrument)}`}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keys
      tabIndex={0}
    >
      <table className="w-full text-right text-2xs">
        <caption className="sr-only">The newest {bars.length} candles, newest first</caption>
        <thead className="sticky top-0 bg-raised text-ink-2">
          <tr>
            <th className="px-1 py-1 text-left font-semibold">Time {zone}</th>
            {['Open', 'High', 'Low', 'Close', 'Volume'].map((name) => (
              <th key={name} className="px-1 font-semibold">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bars.toReversed().map((bar) => (
            <tr key={bar.start} className="border-t border-line">
              <th scope="row" className="px-1 text-left font-normal text-ink-2" title={bothZones(bar.start)}>
                {timeOf(bar.start, zone)}
              </th>
              <td className="px-1">{price(bar.open)}</td>
              <td className="px-1">{price(bar.high)}</td>
              <td className="px-1">{price(bar.low)}</td>
              <td className="px-1">{price(bar.close)}</td>
              <td className="px-1">{figures(bar.volume, { currency: instrument.quote, digits: 2 })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
