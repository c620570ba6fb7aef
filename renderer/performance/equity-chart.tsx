import { useMemo, useState } from 'react';
import { money, percent } from '../format/money.ts';
import { dateOf, dateTimeOf, offsetMs, timeOf, type Zone } from '../format/time.ts';
import { Axis, TimeAxis } from './axis.tsx';
import { linePath, nearestIndex, niceScale, percentDigits, place } from './scale.ts';
import type { EquityCurve } from './types.ts';
import { useSize, type Size } from './use-size.ts';

interface EquityChartProps {
  readonly curve: EquityCurve;
  readonly zone: Zone;
}

const LEFT = 8;
const RIGHT = 76;
const BOTTOM = 18;
const GAP = 18;
/** Above the drawing, for the value at the cursor. */
const TOP = 20;
/** Share of the height for equity; the rest is drawdown below it. */
const UPPER = 0.7;
const DAY_MS = 86_400_000;

function Drawing({ curve, zone, size }: EquityChartProps & { readonly size: Size }) {
  const { points, currency } = curve;
  const [cursor, setCursor] = useState<number | null>(null);
  const width = Math.max(40, size.width - LEFT - RIGHT);
  const height = Math.max(60, size.height - BOTTOM - TOP);
  const upper = height * UPPER;
  const lower = height - upper - GAP;
  const drawn = useMemo(() => {
    const times = points.map(({ at }) => at);
    const span = { min: times[0] ?? 0, max: Math.max((times[0] ?? 0) + 1, times.at(-1) ?? 1) };
    const values = points.map(({ equity }) => Number(equity));
    const equity = niceScale(Math.min(...values), Math.max(...values), 4);
    const fall = niceScale(Math.min(0, ...points.map(({ worst }) => worst)), 0, 2);
    const x = (at: number) => LEFT + place(at, span, width);
    const yOfEquity = (value: number) => TOP + upper - place(value, equity, upper);
    const yOfFall = (value: number) => TOP + upper + GAP + lower - place(value, fall, lower);
    const line = linePath(points.map((point, index) => [x(point.at), yOfEquity(values[index] ?? 0)]));
    const under = linePath(points.map((point) => [x(point.at), yOfFall(point.worst)]));
    const first = x(span.min).toFixed(1);
    const last = x(times.at(-1) ?? span.max).toFixed(1);
    return {
      times,
      span,
      equity,
      fall,
      x,
      yOfEquity,
      yOfFall,
      line,
      area: `${line}L${last} ${TOP + upper}L${first} ${TOP + upper}Z`,
      under: `${under}L${last} ${yOfFall(0).toFixed(1)}L${first} ${yOfFall(0).toFixed(1)}Z`,
    };
  }, [points, width, upper, lower]);
  const { times, span, equity, fall, x, yOfEquity, yOfFall } = drawn;
  const shown = points[cursor ?? points.length - 1];
  if (shown === undefined) return null;
  const isDays = span.max - span.min > 2 * DAY_MS;
  const words = `${dateTimeOf(shown.at, zone)} ${zone}: ${money(shown.equity, currency)}, drawdown ${percent(shown.drawdown)}`;
  const move = (by: number) =>
    setCursor((before) => Math.min(points.length - 1, Math.max(0, (before ?? points.length - 1) + by)));
  return (
    <>
      <p className="absolute top-0 left-3 text-ink-2" aria-hidden>
        {cursor === null ? 'Last' : dateTimeOf(shown.at, zone)}{' '}
        <span className="font-semibold text-ink">{money(shown.equity, currency)}</span> · drawdown{' '}
        <span className="font-semibold text-ink">{percent(shown.drawdown)}</span>
      </p>
      <svg
        width={size.width}
        height={size.height}
        role="slider"
        tabIndex={0}
        aria-label="Equity and drawdown; arrow keys move through time"
        aria-valuemin={0}
        aria-valuemax={points.length - 1}
        aria-valuenow={cursor ?? points.length - 1}
        aria-valuetext={words}
        className="block"
        onPointerMove={(event) => {
          const left = event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT;
          setCursor(nearestIndex(times, span.min + (left / width) * (span.max - span.min)));
        }}
        onPointerLeave={() => setCursor(null)}
        onKeyDown={(event) => {
          const step = event.shiftKey ? 10 : 1;
          if (event.key === 'ArrowLeft') move(-step);
          else if (event.key === 'ArrowRight') move(step);
          else if (event.key === 'Home') setCursor(0);
          else if (event.key === 'End' || event.key === 'Escape') setCursor(null);
          else return;
          event.preventDefault();
        }}
      >
        <Axis
          scale={equity}
          y={yOfEquity}
          x1={LEFT}
          x2={LEFT + width}
          show={(value, digits) => money(value.toFixed(digits), currency, { digits }).replace(` ${currency}`, '')}
        />
        <Axis
          scale={fall}
          y={yOfFall}
          x1={LEFT}
          x2={LEFT + width}
          show={(value) => percent(value, { digits: percentDigits(fall) })}
        />
        <TimeAxis
          from={span.min}
          to={span.max}
          offsetMs={offsetMs(span.min, zone)}
          x={x}
          y={size.height - 4}
          width={width}
          show={(at) => (isDays ? dateOf(at, zone).slice(0, 6) : timeOf(at, zone).slice(0, 5))}
        />
        <path d={drawn.area} fill="var(--accent)" opacity={0.12} />
        <path d={drawn.line} fill="none" stroke="var(--accent)" strokeWidth={1.5} strokeLinejoin="round" />
        <path d={drawn.under} fill="var(--down)" opacity={0.35} />
        {cursor === null ? null : (
          <>
            <line x1={x(shown.at)} x2={x(shown.at)} y1={TOP} y2={TOP + height} stroke="var(--border-strong)" />
            <circle cx={x(shown.at)} cy={yOfEquity(Number(shown.equity))} r={3} fill="var(--accent)" />
          </>
        )}
      </svg>
    </>
  );
}

/** Equity above, its fall from the highest value below; one cursor for both. */
export function EquityChart(props: EquityChartProps) {
  const [size, attach] = useSize();
  return (
    <div ref={attach} className="relative h-full min-h-40 w-full overflow-hidden">
      {size === null || size.width === 0 ? null : <Drawing {...props} size={size} />}
    </div>
  );
}
