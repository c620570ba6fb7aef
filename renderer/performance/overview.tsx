import { useMemo, useState } from 'react';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { percent } from '../format/money.ts';
import { useSettings } from '../settings/settings.ts';
import { Card } from './card.tsx';
import { DistributionChart } from './distribution-chart.tsx';
import { EquityChart } from './equity-chart.tsx';
import { KeyFigures } from './key-figures.tsx';
import { MonthlyHeat } from './monthly-heat.tsx';
import { zoneOf } from './period.ts';
import { fromDay, fromMs, scopeKey, type Scope } from './scope.ts';
import { statRows } from './stat-rows.ts';
import type { ClosedTrade, Performance } from './types.ts';

const POINTS = 800;
const TRADES = 1_000;

function Statistics({ report, currency }: { readonly report: Performance; readonly currency: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
    <div
      className="min-h-0 flex-1 overflow-y-auto px-3 pb-2"
      tabIndex={0}
      role="region"
      aria-label="Statistics in full"
    >
      <dl>
        {statRows(report, currency).map(({ key, title, text, reason, definition }) => (
          <div
            key={key}
            className="grid grid-cols-[1fr_auto] gap-x-3 border-t border-line py-1"
            title={definition ?? undefined}
          >
            <dt className="text-ink-2">{title}</dt>
            <dd className="text-right font-medium whitespace-nowrap">{text ?? '–'}</dd>
            {reason === null ? null : <dd className="col-span-2 text-right text-2xs text-ink-2">{reason}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}

const UNITS = [
  { value: 'money', label: 'Money' },
  { value: 'r', label: 'R' },
] as const;

function Distribution({ trades, currency }: { readonly trades: readonly ClosedTrade[]; readonly currency: string }) {
  const [unit, setUnit] = useState<'money' | 'r'>('money');
  const values = useMemo(
    () =>
      unit === 'money'
        ? trades.map(({ pnl }) => Number(pnl))
        : trades.flatMap(({ figures }) => (figures.rMultiple === null ? [] : [figures.rMultiple])),
    [trades, unit],
  );
  return (
    <Card
      title="Distribution of results"
      note={<Segmented label="Unit of the results" value={unit} segments={UNITS} onChange={setUnit} />}
    >
      <div className="min-h-40 flex-1 px-1">
        {values.length === 0 ? (
          <Empty
            title={unit === 'r' ? 'No closed trade had a stop' : 'No closed trades'}
            hint={
              unit === 'r'
                ? 'R is the result in multiples of what the stop risked.'
                : 'They appear when a position is closed.'
            }
          />
        ) : (
          <DistributionChart values={values} currency={unit === 'money' ? currency : null} />
        )}
      </div>
    </Card>
  );
}

export function Overview({ scope }: { readonly scope: Scope }) {
  const zone = useSettings((settings) => settings.zone);
  const { account, revision } = scope;
  const { id, currency } = account;
  const key = scopeKey(scope);
  const report = useAnswer(
    `performance ${key}`,
    (client, options) => client.performance.get({ account: id, ...fromMs(scope) }, options),
    revision,
  );
  const curve = useAnswer(
    `equity ${key}`,
    (client, options) => client.analytics.equity({ account: id, points: POINTS, ...fromMs(scope) }, options),
    revision,
  );
  const months = useAnswer(
    `months ${id}`,
    (client, options) => client.analytics.breakdown({ account: id, by: 'month' }, options),
    revision,
  );
  const totals = useAnswer(
    `totals ${key}`,
    (client, options) => client.analytics.breakdown({ account: id, by: 'account', ...fromDay(scope) }, options),
    revision,
  );
  const trades = useAnswer(
    `trades ${key}`,
    (client, options) => client.analytics.trades({ account: id, limit: TRADES, ...fromMs(scope) }, options),
    revision,
  );
  const total = totals.value?.totals.find((each) => each.account === id)?.figures ?? null;
  return (
    <div className="flex h-full min-h-0 flex-col gap-px bg-line">
      <Answered answer={report} what="the performance">
        {(value) => (
          <>
            <KeyFigures report={value} total={total} currency={currency} />
            <div className="grid min-h-80 flex-[3] grid-cols-[minmax(0,1fr)_22rem] gap-px">
              <Card
                title="Equity and drawdown"
                note={
                  curve.value === null || curve.value.maxDrawdown === null
                    ? undefined
                    : `deepest ${percent(curve.value.maxDrawdown)}, now ${percent(curve.value.currentDrawdown ?? 0)}`
                }
              >
                <div className="min-h-0 flex-1">
                  <Answered answer={curve} what="the equity curve">
                    {(equity) =>
                      equity.points.length < 2 ? (
                        <Empty
                          title="No curve yet"
                          hint="Equity is recorded once a minute while a session runs: the curve begins with its second minute."
                        />
                      ) : (
                        <EquityChart curve={equity} zone={zone} />
                      )
                    }
                  </Answered>
                </div>
              </Card>
              <Card title="Statistics" note="point at a line for its definition">
                <Statistics report={value} currency={currency} />
              </Card>
            </div>
            <div className="grid min-h-44 flex-[2] grid-cols-[minmax(0,1fr)_30rem] gap-px">
              <Card
                title="Realised profit by month"
                note={`${currency}, after fees, months of ${zoneOf(currency) === 'IST' ? 'India' : 'UTC'}, all years`}
              >
                <div className="min-h-0 flex-1 overflow-auto">
                  <Answered answer={months} what="the months">
                    {({ rows }) =>
                      rows.length === 0 ? (
                        <Empty title="No closed trades" hint="A month appears with the first position closed in it." />
                      ) : (
                        <MonthlyHeat rows={rows} currency={currency} />
                      )
                    }
                  </Answered>
                </div>
              </Card>
              <Answered answer={trades} what="the trades">
                {(page) => <Distribution trades={page.trades} currency={currency} />}
              </Answered>
            </div>
          </>
        )}
      </Answered>
    </div>
  );
}
