import { cx } from '../controls/cx.ts';
import { signOf } from '../format/decimal-text.ts';
import { money, percent } from '../format/money.ts';
import type { Performance, ProfitFigures } from './types.ts';

interface Figure {
  readonly name: string;
  readonly text: string | null;
  readonly sign?: -1 | 0 | 1;
  readonly reason?: string | undefined;
}

function multiple(value: number | null): string | null {
  return value === null ? null : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)} R`;
}

function list(report: Performance, total: ProfitFigures | null, currency: string): Figure[] {
  const { stats, unavailable } = report;
  const ratio = (name: string, key: 'sharpe' | 'profitFactor') => ({
    name,
    text: stats[key]?.toFixed(2) ?? null,
    reason: unavailable[key],
  });
  return [
    {
      name: 'Realised after fees',
      text: total === null ? money('0', currency) : money(total.realised, currency, { sign: 'always' }),
      sign: total === null ? 0 : signOf(total.realised),
    },
    {
      name: 'Return',
      text: stats.returnPct === null ? null : percent(stats.returnPct / 100),
      sign: stats.returnPct === null ? 0 : (Math.sign(stats.returnPct) as -1 | 0 | 1),
      reason: unavailable['returnPct'],
    },
    {
      name: 'Deepest drawdown',
      text: stats.maxDrawdown === null ? null : percent(stats.maxDrawdown),
      reason: unavailable['maxDrawdown'],
    },
    ratio('Sharpe', 'sharpe'),
    ratio('Profit factor', 'profitFactor'),
    {
      name: 'Won',
      text: stats.winRate === null ? null : percent(stats.winRate, { digits: 1, signed: false }),
      reason: unavailable['winRate'],
    },
    { name: 'Closed trades', text: String(stats.trades) },
    {
      name: 'Average R',
      text: multiple(total?.averageR ?? null),
      reason: 'no closed trade had a stop',
    },
    { name: 'Fees', text: money(stats.fees, currency) },
  ];
}

interface KeyFiguresProps {
  readonly report: Performance;
  readonly total: ProfitFigures | null;
  readonly currency: string;
}

export function KeyFigures({ report, total, currency }: KeyFiguresProps) {
  return (
    <dl aria-label="Key figures" className="flex shrink-0 flex-wrap gap-x-8 gap-y-2 bg-panel px-3 py-2">
      {list(report, total, currency).map(({ name, text, sign = 0, reason }) => (
        <div key={name} className="flex flex-col" title={text === null ? reason : undefined}>
          <dt className="text-2xs text-ink-2">{name}</dt>
          <dd
            className={cx(
              'text-lg leading-7 font-semibold whitespace-nowrap',
              text === null && 'text-ink-2',
              sign > 0 && 'text-up',
              sign < 0 && 'text-down',
            )}
          >
            {text ?? '–'}
          </dd>
        </div>
      ))}
    </dl>
  );
}
