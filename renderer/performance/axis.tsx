import { tickDigits, timeTicks, type Scale } from './scale.ts';

const LABEL = { fontSize: 11, fill: 'var(--text-2)' } as const;

interface AxisProps {
  readonly scale: Scale;
  readonly y: (value: number) => number;
  readonly x1: number;
  readonly x2: number;
  readonly show: (value: number, digits: number) => string;
}

/** Lines across, their values at the right. */
export function Axis({ scale, y, x1, x2, show }: AxisProps) {
  const digits = tickDigits(scale);
  return (
    <g aria-hidden>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={x1} x2={x2} y1={y(tick)} y2={y(tick)} stroke="var(--border)" strokeWidth={1} />
          <text x={x2 + 6} y={Math.max(9, y(tick) + 4)} {...LABEL}>
            {show(tick, digits)}
          </text>
        </g>
      ))}
    </g>
  );
}

interface TimeAxisProps {
  readonly from: number;
  readonly to: number;
  /** Of the zone the labels are in, ahead of UTC. */
  readonly offsetMs: number;
  readonly x: (at: number) => number;
  readonly y: number;
  readonly width: number;
  readonly show: (at: number) => string;
}

const LABEL_PX = 80;

/** Round times below, as many as fit. */
export function TimeAxis({ from, to, offsetMs, x, y, width, show }: TimeAxisProps) {
  const ticks = timeTicks(from, to, Math.max(1, Math.floor(width / LABEL_PX)), offsetMs);
  return (
    <g aria-hidden>
      {ticks.map((at) => (
        <text
          key={at}
          x={x(at)}
          y={y}
          textAnchor={x(at) < 24 ? 'start' : x(at) > width - 16 ? 'end' : 'middle'}
          {...LABEL}
        >
          {show(at)}
        </text>
      ))}
    </g>
  );
}
