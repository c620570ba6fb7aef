import { useState } from 'react';
import { nameOf } from '../blotter/cells.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { signOf } from '../format/decimal-text.ts';
import { figures, percent } from '../format/money.ts';
import { duration } from '../format/time.ts';
import { Card } from './card.tsx';
import { ExcursionChart } from './excursion-chart.tsx';
import { fromDay, fromMs, scopeKey, type Scope } from './scope.ts';
import type { BreakdownRow, ProfitFigures } from './types.ts';

const GROUPS = [
  { value: 'strategy', label: 'Strategy' },
  { value: 'symbol', label: 'Symbol' },
  { value: 'reason', label: 'Exit reason' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
  { value: 'month', label: 'Month' },
] as const;
type Group = (typeof GROUPS)[number]['value'];

const HEADERS = [
  'Trades',
  'Won',
  'Realised',
  'Profit',
  'Loss',
  'Fees',
  'Profit factor',
  'Expectancy',
  'Best',
  'Worst',
  'Average R',
  'Held',
] as const;

function cells(row: ProfitFigures, currency: string): { readonly text: string; readonly sign: -1 | 0 | 1 }[] {
  const plain = (text: string) => ({ text, sign: 0 as const });
  const amount = (value: string | null) =>
    value === null
      ? plain('–')
      : { text: figures(value, { currency, digits: 2, sign: 'always' }), sign: signOf(value) };
  return [
    plain(String(row.trades)),
    plain(row.winRate === null ? '–' : percent(row.winRate, { digits: 1, signed: false })),
    amount(row.realised),
    plain(figures(row.profit, { currency, digits: 2 })),
    plain(figures(row.loss, { currency, digits: 2 })),
    plain(figures(row.fees, { currency, digits: 2 })),
    plain(row.profitFactor?.toFixed(2) ?? '–'),
    amount(row.expectancy),
    amount(row.best),
    amount(row.worst),
    plain(row.averageR === null ? '–' : `${row.averageR < 0 ? '−' : '+'}${Math.abs(row.averageR).toFixed(2)}`),
    plain(row.averageHoldingMs === null ? '–' : duration(row.averageHoldingMs)),
  ];
}

const TONES = { '-1': 'text-down', '0': '', '1': 'text-up' } as const;

function Figures({ row, currency }: { readonly row: ProfitFigures; readonly currency: string }) {
  return cells(row, currency).map(({ text, sign }, index) => (
    <td key={HEADERS[index]} className={`px-2 py-1 text-right whitespace-nowrap ${TONES[`${sign}`]}`}>
      {text}
    </td>
  ));
}

interface TableProps {
  readonly rows: readonly BreakdownRow[];
  readonly total: ProfitFigures | null;
  readonly group: Group;
  readonly currency: string;
}

function Table({ rows, total, group, currency }: TableProps) {
  const byTime = group === 'day' || group === 'week' || group === 'month';
  const sorted = rows.toSorted((a, b) =>
    byTime ? (a.key < b.key ? 1 : -1) : Number(b.figures.realised) - Number(a.figures.realised),
  );
  const title = GROUPS.find(({ value }) => value === group)?.label ?? '';
  return (
    <table className="w-full">
      <thead className="sticky top-0 bg-panel text-2xs text-ink-2">
        <tr>
          <th scope="col" className="px-3 py-1 text-left font-semibold">
            {title}
          </th>
          {HEADERS.map((name) => (
            <th key={name} scope="col" className="px-2 py-1 text-right font-semibold whitespace-nowrap">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <tr key={row.key} className="h-[var(--row)] border-t border-line">
            <th scope="row" className="px-3 text-left font-semibold whitespace-nowrap">
              {group === 'symbol' ? nameOf(row.key) : row.key}
            </th>
            <Figures row={row.figures} currency={currency} />
          </tr>
        ))}
      </tbody>
      {total === null ? null : (
        <tfoot className="font-semibold">
          <tr className="h-[var(--row)] border-t border-line-strong">
            <th scope="row" className="px-3 text-left">
              All
            </th>
            <Figures row={total} currency={currency} />
          </tr>
        </tfoot>
      )}
    </table>
  );
}

export function Breakdown({ scope }: { readonly scope: Scope }) {
  const [group, setGroup] = useState<Group>('strategy');
  const { account, revision } = scope;
  const { id, currency } = account;
  const key = scopeKey(scope);
  const groups = useAnswer(
    `breakdown ${group} ${key}`,
    (client, options) => client.analytics.breakdown({ account: id, by: group, ...fromDay(scope) }, options),
    revision,
  );
  const trades = useAnswer(
    `trades ${key}`,
    (client, options) => client.analytics.trades({ account: id, limit: 1_000, ...fromMs(scope) }, options),
    revision,
  );
  return (
    <div className="flex h-full min-h-0 flex-col gap-px bg-line">
      <Card
        title={`Realised, ${currency}`}
        note={<Segmented label="Group by" value={group} segments={GROUPS} onChange={setGroup} />}
        className="min-h-48 flex-1"
      >
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
        <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Realised by group">
          <Answered answer={groups} what="the breakdown">
            {({ rows, totals }) =>
              rows.length === 0 ? (
                <Empty title="No closed trades in this period" hint="Choose a longer period, or close a position." />
              ) : (
                <Table
                  rows={rows}
                  total={totals.find((each) => each.account === id)?.figures ?? null}
                  group={group}
                  currency={currency}
                />
              )
            }
          </Answered>
        </div>
      </Card>
      <div className="grid min-h-64 flex-1 grid-cols-2 gap-px">
        {(['mae', 'mfe'] as const).map((which) => (
          <Card
            key={which}
            title={which === 'mae' ? 'Result against worst excursion (MAE)' : 'Result against best excursion (MFE)'}
            note="● won ○ lost"
          >
            <div className="min-h-0 flex-1 px-1">
              <Answered answer={trades} what="the trades">
                {(page) =>
                  page.trades.some((trade) => trade.figures[which] !== null) ? (
                    <ExcursionChart trades={page.trades} which={which} />
                  ) : (
                    <Empty
                      title="No excursions known"
                      hint="They are measured while the engine watches an open position, and appear when it is closed."
                    />
                  )
                }
              </Answered>
            </div>
          </Card>
        ))}
      </div>
    </div>
  );
}
