import { useState } from 'react';
import { nameOf } from '../blotter/cells.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { Card } from './card.tsx';
import { EXECUTION_COLUMNS, executionCells, executionGroups } from './execution-rows.ts';
import { fromDay, scopeKey, type Scope } from './scope.ts';
import type { ExecutionReport } from './types.ts';

const GROUPS = [
  { value: 'symbol', label: 'Symbol' },
  { value: 'strategy', label: 'Strategy' },
  { value: 'algorithm', label: 'Algorithm' },
  { value: 'venue', label: 'Venue' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
] as const;
type Group = (typeof GROUPS)[number]['value'];

function Recommendations({ report }: { readonly report: ExecutionReport }) {
  return report.recommendations.length === 0 ? (
    <p className="px-3 pb-3 text-ink-2">
      Nothing to recommend from these orders. Advice needs at least {report.minimumSample} of them in a group.
    </p>
  ) : (
    <ul className="flex flex-col gap-2 px-3 pb-3">
      {report.recommendations.map((advice) => (
        <li key={`${advice.code} ${advice.by} ${advice.key}`} className="border-l-2 border-warn pl-2">
          <p className="font-medium">{advice.sentence}</p>
          <p className="text-2xs text-ink-2">
            {advice.by} {advice.by === 'symbol' ? nameOf(advice.key) : advice.key} · {advice.sample} orders ·{' '}
            {Object.entries(advice.figures)
              .map(([name, value]) => `${name} ${Number(value.toFixed(3))}`)
              .join(' · ')}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Table({ report, group }: { readonly report: ExecutionReport; readonly group: Group }) {
  return (
    <table className="w-full">
      <thead className="sticky top-0 bg-panel text-2xs text-ink-2">
        <tr>
          <th scope="col" className="px-3 py-1 text-left font-semibold">
            {GROUPS.find(({ value }) => value === group)?.label}
          </th>
          {EXECUTION_COLUMNS.map((name) => (
            <th key={name} scope="col" className="px-2 py-1 text-right font-semibold whitespace-nowrap">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {report.rows.map((row) => (
          <tr key={`${row.key} ${row.currency}`} className="h-[var(--row)] border-t border-line">
            <th scope="row" className="px-3 text-left font-semibold whitespace-nowrap">
              {group === 'symbol' ? nameOf(row.key) : row.key}
            </th>
            {executionCells(row.figures, row.currency).map((text, index) => (
              <td key={EXECUTION_COLUMNS[index]} className="px-2 text-right whitespace-nowrap">
                {text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Execution({ scope }: { readonly scope: Scope }) {
  const [group, setGroup] = useState<Group>('symbol');
  const { account, revision } = scope;
  const { id, currency } = account;
  const answer = useAnswer(
    `execution ${group} ${scopeKey(scope)}`,
    (client, options) => client.analytics.execution({ account: id, by: group, ...fromDay(scope) }, options),
    revision,
  );
  return (
    <Answered answer={answer} what="the execution report">
      {(report) => {
        const total = report.totals.find((each) => each.currency === currency)?.figures;
        if (total === undefined || report.rows.length === 0)
          return (
            <Empty
              title="No closed orders in this period"
              hint="How well an order was executed is known when it is filled, cancelled or expired."
            />
          );
        return (
          <div className="flex h-full min-h-0 flex-col gap-px bg-line">
            <div className="grid shrink-0 grid-cols-4 gap-px">
              {executionGroups(total, currency).map(({ title, rows }) => (
                <Card key={title} title={title}>
                  <dl className="px-3 pb-2">
                    {rows.map((row) => (
                      <div
                        key={row.title}
                        className="flex justify-between gap-3 border-t border-line py-1"
                        title={report.definitions[row.key]}
                      >
                        <dt className="text-ink-2">{row.title}</dt>
                        <dd className="text-right font-medium">
                          {row.text ?? (
                            <span className="font-normal text-ink-2">{report.unavailable[row.key] ?? '–'}</span>
                          )}
                        </dd>
                      </div>
                    ))}
                  </dl>
                </Card>
              ))}
            </div>
            <Card
              title="By group"
              note={<Segmented label="Group by" value={group} segments={GROUPS} onChange={setGroup} />}
              className="min-h-40 flex-1"
            >
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
              <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Execution by group">
                <Table report={report} group={group} />
              </div>
            </Card>
            <Card title="Recommendations" className="max-h-56 shrink-0">
              {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
              <div className="min-h-0 overflow-y-auto" tabIndex={0} role="region" aria-label="Advice">
                <Recommendations report={report} />
              </div>
            </Card>
          </div>
        );
      }}
    </Answered>
  );
}
