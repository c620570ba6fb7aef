import { figures, percent } from '../format/money.ts';
import type { ExecutionFigures } from './types.ts';

export interface ExecutionRow {
  readonly key: string;
  readonly title: string;
  /** Null: the key of the reason is `key`. */
  readonly text: string | null;
}

const bp = (value: number | null) =>
  value === null ? null : `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(1)} bp`;
const share = (value: number | null) => (value === null ? null : percent(value, { digits: 1, signed: false }));
const latency = (value: ExecutionFigures['ackMs']) =>
  value === null ? null : `${value.p50.toFixed(0)} / ${value.p95.toFixed(0)} / ${value.p99.toFixed(0)} ms`;

/** Groups of what there is to say about execution, in reading order. */
export function executionGroups(
  { orders, ...f }: ExecutionFigures,
  currency: string,
): readonly { readonly title: string; readonly rows: readonly ExecutionRow[] }[] {
  const row = (key: string, title: string, text: string | null): ExecutionRow => ({ key, title, text });
  const amount = (text: string) => figures(text, { currency, digits: 2 });
  const parts = (['delay', 'trading', 'opportunity', 'fees', 'total'] as const).map((name) =>
    row(
      'costs',
      name === 'total' ? 'Shortfall in all' : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
      f.costBps === null ? null : `${amount(f.costs[name])} · ${bp(f.costBps[name]) ?? ''}`,
    ),
  );
  return [
    {
      title: `Implementation shortfall, ${currency} and bp`,
      rows: [...parts, row('efficiency', 'Efficiency', f.efficiency === null ? null : f.efficiency.toFixed(3))],
    },
    {
      title: 'Price',
      rows: [
        row('slippageBps', 'Slippage against arrival', bp(f.slippageBps)),
        row('vsVwapBps', 'Against VWAP', bp(f.vsVwapBps)),
        row('vsTwapBps', 'Against TWAP', bp(f.vsTwapBps)),
        row('effectiveSpreadBps', 'Effective spread', bp(f.effectiveSpreadBps)),
        row('realisedSpreadBps', 'Realised spread after 5 s', bp(f.realisedSpreadBps.after5s)),
        row('realisedSpreadBps', 'Realised spread after 60 s', bp(f.realisedSpreadBps.after60s)),
        row('improvedShare', 'Fills better than arrival', share(f.improvedShare)),
      ],
    },
    {
      title: 'Orders',
      rows: [
        row('orders', 'Sent · filled · cancelled', `${orders.sent} · ${orders.filled} · ${orders.cancelled}`),
        row('orders', 'Rejected · denied · expired', `${orders.rejected} · ${orders.denied} · ${orders.expired}`),
        row('fillRate', 'Fill rate', share(f.fillRate)),
        row('rejectRate', 'Reject rate', share(f.rejectRate)),
        row('makerShare', 'Maker share', share(f.makerShare)),
        row(
          'participation',
          'Participation',
          f.participation === null ? null : percent(f.participation, { digits: 1, signed: false }),
        ),
        row('value', `Traded, ${currency}`, amount(f.value)),
      ],
    },
    {
      title: 'Latency p50 / p95 / p99',
      rows: [row('ackMs', 'Send to answer', latency(f.ackMs)), row('fillMs', 'Send to fill', latency(f.fillMs))],
    },
  ];
}

export const EXECUTION_COLUMNS = [
  'Orders',
  'Fills',
  'Traded',
  'Slippage',
  'Shortfall',
  'Eff. spread',
  'Fill rate',
  'Maker',
  'Ack p95',
  'Efficiency',
] as const;

export function executionCells(f: ExecutionFigures, currency: string): readonly string[] {
  return [
    String(f.orders.sent),
    String(f.fills),
    figures(f.value, { currency, digits: 0 }),
    bp(f.slippageBps) ?? '–',
    bp(f.costBps?.total ?? null) ?? '–',
    bp(f.effectiveSpreadBps) ?? '–',
    share(f.fillRate) ?? '–',
    share(f.makerShare) ?? '–',
    f.ackMs === null ? '–' : `${f.ackMs.p95.toFixed(0)} ms`,
    f.efficiency?.toFixed(3) ?? '–',
  ];
}
