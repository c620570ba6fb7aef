import { tickDigits, type Scale } from './scale.ts';

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
  readonly x: (at: number) => number;
  readonly y: number;
  readonly width: number;
  readonly show: (at: number) => string;
}

const LABEL_PX = 110;

/** Times below, as many as fit, never the same words twice in a row. */
export function TimeAxis({ from, to, x, y, width, show }: TimeAxisProps) {
  const count = Math.max(1, Math.floor(width / LABEL_PX));
  const labels = Array.from({ length: count + 1 }, (_, index) => from + ((to - from) * index) / count)
    .map((at) => ({ at, text: show(at) }))
    .filter(({ text }, index, all) => text !== all[index - 1]?.text);
  return (
    <g aria-hidden>
      {labels.map(({ at, text }, index) => (
        <text
          key={at}
          x={x(at)}
          y={y}
          textAnchor={index === 0 ? 'start' : index === labels.length - 1 ? 'end' : 'middle'}
          {...LABEL}
        >
          {text}
        </text>
      ))}
    </g>
  );
}
