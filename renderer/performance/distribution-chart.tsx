import { figures } from '../format/money.ts';
import { Axis } from './axis.tsx';
import { histogram } from './histogram.ts';
import { niceScale, place } from './scale.ts';
import { useSize, type Size } from './use-size.ts';

interface DistributionProps {
  readonly values: readonly number[];
  /** Currency of the values, or null for multiples of risk. */
  readonly currency: string | null;
}

const LEFT = 8;
const RIGHT = 36;
const TOP = 6;
const BOTTOM = 18;

function bound(value: number, currency: string | null): string {
  const digits = Math.abs(value) < 10 && value !== 0 ? 2 : 0;
  return currency === null
    ? `${value.toFixed(1)} R`
    : figures(value.toFixed(digits), { currency, sign: 'always', digits });
}

function Drawing({ values, currency, size }: DistributionProps & { readonly size: Size }) {
  const bins = histogram(values, Math.max(6, Math.min(16, Math.floor(size.width / 40))));
  const width = size.width - LEFT - RIGHT;
  const height = size.height - TOP - BOTTOM;
  const counts = niceScale(0, Math.max(1, ...bins.map(({ count }) => count)), 3);
  const y = (count: number) => TOP + height - place(count, counts, height);
  const step = width / Math.max(1, bins.length);
  const wins = values.filter((value) => value > 0).length;
  const every = Math.max(1, Math.ceil(70 / step));
  return (
    <svg
      width={size.width}
      height={size.height}
      role="img"
      aria-label={`${values.length} trades, ${wins} with a profit. ${bins
        .filter(({ count }) => count > 0)
        .map(({ from, to, count }) => `${bound(from, currency)} to ${bound(to, currency)}: ${count}`)
        .join('; ')}`}
      className="block"
    >
      <Axis
        scale={counts}
        y={y}
        x1={LEFT}
        x2={LEFT + width}
        show={(value) => (Number.isInteger(value) ? String(value) : '')}
      />
      {bins.map(({ from, to, count }, index) => (
        <g key={from} aria-hidden>
          <rect
            x={LEFT + index * step + 1}
            width={Math.max(1, step - 2)}
            y={y(count)}
            height={Math.max(0, TOP + height - y(count))}
            fill={to <= 1e-9 ? 'var(--down)' : 'var(--up)'}
          >
            <title>{`${bound(from, currency)} to ${bound(to, currency)}: ${count} trades`}</title>
          </rect>
          {index % every === 0 ? (
            <text x={LEFT + index * step} y={size.height - 4} fontSize={11} fill="var(--text-2)">
              {bound(from, currency)}
            </text>
          ) : null}
        </g>
      ))}
    </svg>
  );
}

/** How many trades ended with which result. */
export function DistributionChart(props: DistributionProps) {
  const [size, attach] = useSize();
  return (
    <div ref={attach} className="relative h-full min-h-32 w-full overflow-hidden">
      {size === null || size.width === 0 ? null : <Drawing {...props} size={size} />}
    </div>
  );
}
