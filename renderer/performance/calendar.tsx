import { useState } from 'react';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Empty } from '../controls/states.tsx';
import { useWindow } from '../desk/window-state.ts';
import { signOf } from '../format/decimal-text.ts';
import { figures, money } from '../format/money.ts';
import { isoDayOf } from '../format/time.ts';
import { Card } from './card.tsx';
import { dayName, monthAfter, monthGrid, monthName } from './month-grid.ts';
import { largestOf } from './month-table.ts';
import { heatStyle } from './monthly-heat.tsx';
import { zoneOf } from './period.ts';
import type { Scope } from './scope.ts';
import { TradeList } from './trade-list.tsx';
import type { CalendarDay } from './types.ts';

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
const TONES = { '-1': 'text-down', '0': 'text-ink', '1': 'text-up' } as const;

interface DayCellProps {
  readonly number: number;
  readonly name: string;
  readonly result: CalendarDay | undefined;
  readonly currency: string;
  readonly largest: number;
  readonly isToday: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function DayCell({ number, name, result, currency, largest, isToday, isChosen, onChoose }: DayCellProps) {
  const label = (
    <span className={cx('text-2xs', isToday ? 'font-bold text-ink' : result === undefined ? 'text-ink-2' : 'text-ink')}>
      {number}
      {isToday ? ' today' : ''}
    </span>
  );
  if (result === undefined) return <div className="flex h-full p-1.5">{label}</div>;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={cx(
        'absolute inset-0 flex flex-col items-start gap-0.5 overflow-hidden p-1.5 text-left hover:brightness-110',
        isChosen && 'outline-2 -outline-offset-2 outline-[var(--accent)]',
      )}
      style={heatStyle(result.realised, largest)}
    >
      {label}
      <span className="sr-only">{name}</span>
      <span className="text-sm font-semibold">
        {figures(result.realised, { currency, digits: largest >= 10_000 ? 0 : 2, sign: 'always' })}
      </span>
      <span className="text-2xs text-ink">
        {result.trades} {result.trades === 1 ? 'trade' : 'trades'} · {result.wins} won
        {result.totalR === null ? '' : ` · ${result.totalR < 0 ? '−' : '+'}${Math.abs(result.totalR).toFixed(1)} R`}
      </span>
    </button>
  );
}

/** Realised profit of each local day; a day opens its trades. */
export function Calendar({ scope }: { readonly scope: Scope }) {
  const { account, revision } = scope;
  const { id, currency } = account;
  const zone = zoneOf(currency);
  const today = useWindow((state) => (state.status === null ? null : isoDayOf(state.status.now, zone)));
  const [asked, setAsked] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const month = asked ?? today?.slice(0, 7) ?? '';
  const answer = useAnswer(
    `calendar ${id} ${month}`,
    (client, options) => client.analytics.calendar({ account: id, month }, options),
    revision,
  );
  if (month === '') return <Empty title="The engine's date is not known yet" />;
  const turn = (by: number) => {
    setAsked(monthAfter(month, by));
    setChosen(null);
  };
  const day = chosen ?? answer.value?.days.at(-1)?.day ?? null;
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)_30rem] gap-px bg-line">
      <Card
        title={monthName(month)}
        note={
          <>
            <span>realised by day of {zone === 'IST' ? 'India' : 'UTC'}, after fees</span>
            <Button size="small" onClick={() => turn(-1)} aria-label="Month before">
              ‹
            </Button>
            <Button
              size="small"
              disabled={month >= (today?.slice(0, 7) ?? '')}
              onClick={() => turn(1)}
              aria-label="Month after"
            >
              ›
            </Button>
          </>
        }
      >
        <Answered answer={answer} what="the calendar">
          {({ days, total }) => {
            const byDay = new Map(days.map((each) => [each.day, each]));
            const largest = largestOf(days.map(({ realised }) => realised));
            return (
              <>
                <p className="flex gap-6 px-3 pb-2">
                  <span>
                    <span className="text-ink-2">Month</span>{' '}
                    <span className={cx('font-semibold', TONES[`${signOf(total.realised)}`])}>
                      {money(total.realised, currency, { sign: 'always' })}
                    </span>
                  </span>
                  <span>
                    <span className="text-ink-2">Trades</span> {total.trades}
                  </span>
                  <span>
                    <span className="text-ink-2">Fees</span> {money(total.fees, currency)}
                  </span>
                  <span>
                    <span className="text-ink-2">Days with a profit</span>{' '}
                    {days.filter(({ realised }) => signOf(realised) > 0).length} of {days.length}
                  </span>
                </p>
                <table
                  aria-label={`Realised profit, ${monthName(month)}`}
                  className="w-full flex-1 table-fixed border-t border-line"
                >
                  <thead>
                    <tr className="h-6 text-2xs text-ink-2">
                      {WEEKDAYS.map((name) => (
                        <th key={name} scope="col" abbr={name} className="px-1.5 text-left font-semibold">
                          {name.slice(0, 3)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {monthGrid(month).map((week) => (
                      <tr key={week.find((cell) => cell !== null)?.day} className="h-20">
                        {week.map((cell, index) => (
                          <td key={WEEKDAYS[index]} className="relative border border-line p-0 align-top">
                            {cell === null ? null : (
                              <DayCell
                                number={cell.number}
                                name={dayName(cell.day)}
                                result={byDay.get(cell.day)}
                                currency={currency}
                                largest={largest}
                                isToday={cell.day === today}
                                isChosen={cell.day === day}
                                onChoose={() => setChosen(cell.day)}
                              />
                            )}
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </>
            );
          }}
        </Answered>
      </Card>
      <Card title={day === null ? 'Trades' : dayName(day)}>
        {day === null ? (
          <Empty title="No day chosen" hint="Press a day with a result to see its trades." />
        ) : (
          <DayTrades scope={scope} day={day} />
        )}
      </Card>
    </div>
  );
}

function DayTrades({ scope, day }: { readonly scope: Scope; readonly day: string }) {
  const { account, revision } = scope;
  const answer = useAnswer(
    `day ${account.id} ${day}`,
    (client, options) => client.analytics.trades({ account: account.id, day, limit: 1_000 }, options),
    revision,
  );
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys
    <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Trades of the day">
      <Answered answer={answer} what="the trades">
        {({ trades }) =>
          trades.length === 0 ? (
            <Empty title="No trades closed on this day" />
          ) : (
            <TradeList trades={trades} currency={account.currency} />
          )
        }
      </Answered>
    </div>
  );
}
