import type { StrategyRun } from '../../src/contract/types.ts';
import { moneyText, nameOf, priceText, quantityText } from '../blotter/cells.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { Answered } from '../controls/answered.tsx';
import { cx } from '../controls/cx.ts';
import { LiveText } from '../controls/live-text.tsx';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { positionId, useDesk } from '../desk/desk.ts';
import { signOf, trimZeros } from '../format/decimal-text.ts';
import { bothZones, dateTimeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { CONSEQUENCES } from './run-commands.ts';

function toneOf(text: string): string {
  return signOf(text) > 0 ? 'text-up' : signOf(text) < 0 ? 'text-down' : '';
}

function Trades({ run }: { readonly run: StrategyRun }) {
  const zone = useSettings((settings) => settings.zone);
  const answer = useAnswer(
    `trades ${run.id}`,
    (client, options) =>
      client.analytics.trades(
        { account: run.account, strategy: run.id, instrument: run.instrument, limit: 50 },
        options,
      ),
    run.orders,
  );
  return (
    <Answered answer={answer} what="the trades">
      {({ trades }) =>
        trades.length === 0 ? (
          <p className="px-3 py-1 text-ink-2">No trade of this run was closed yet.</p>
        ) : (
          <PlainTable
            label="Closed trades"
            columns={[
              { name: `Closed ${zone}` },
              { name: 'Side' },
              { name: 'Quantity', right: true },
              { name: 'Entry', right: true },
              { name: 'Exit', right: true },
              { name: 'P&L', right: true },
              { name: 'Why' },
            ]}
          >
            {trades.map((trade) => (
              <tr key={trade.id} className={TABLE_ROW}>
                <Cell className="whitespace-nowrap text-ink-2" title={bothZones(trade.exitAt)}>
                  {dateTimeOf(trade.exitAt, zone)}
                </Cell>
                <Cell>{trade.side}</Cell>
                <Cell right>{quantityText(trade.instrument, trimZeros(trade.quantity))}</Cell>
                <Cell right>{priceText(trade.instrument, trade.entryPrice)}</Cell>
                <Cell right>{priceText(trade.instrument, trade.exitPrice)}</Cell>
                <Cell right className={cx('font-medium', toneOf(trade.pnl))}>
                  {moneyText(trade.instrument, trade.pnl, true)}
                </Cell>
                <Cell className="text-ink-2">{trade.exitReason}</Cell>
              </tr>
            ))}
          </PlainTable>
        )
      }
    </Answered>
  );
}

/** What one run does and has done: its last signal, its parameters, its position, its trades. */
export function RunDetail({ run }: { readonly run: StrategyRun }) {
  const desk = useDesk();
  const zone = useSettings((settings) => settings.zone);
  const { lastSignal } = run;
  return (
    <div className="flex flex-col gap-3 py-3">
      <div className="flex flex-col gap-1 px-3">
        <h3 className="text-sm font-semibold">
          {run.title} on {nameOf(run.instrument)}
        </h3>
        {run.sentence === null ? null : (
          <p className={run.state === 'failed' ? 'font-semibold text-halt' : 'text-ink-2'}>{run.sentence}</p>
        )}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5">
          <dt className="text-ink-2">Last signal</dt>
          <dd title={lastSignal === null ? undefined : bothZones(lastSignal.at)}>
            {lastSignal === null
              ? 'none yet'
              : `${lastSignal.direction} ${dateTimeOf(lastSignal.at, zone)} ${zone} · ${lastSignal.reason}`}
          </dd>
          <dt className="text-ink-2">Signals, orders</dt>
          <dd>
            {run.signals}, {run.orders}
          </dd>
          <dt className="text-ink-2">Parameters</dt>
          <dd>
            {Object.entries(run.parameters)
              .map(([name, value]) => `${name} ${value}`)
              .join(' · ')}
          </dd>
          <dt className="text-ink-2">Position of the account</dt>
          <dd>
            <LiveText
              store={desk.positions}
              id={positionId(run)}
              read={(position) => ({
                text: `${position.quantity} at ${priceText(position.instrument, position.averagePrice)}, open ${moneyText(position.instrument, position.unrealised, true)}, stop ${position.stopLoss === null ? 'none' : priceText(position.instrument, position.stopLoss)}`,
                doubtful: position.stale,
              })}
            />
          </dd>
          <dt className="text-ink-2">Pause</dt>
          <dd className="text-ink-2">{CONSEQUENCES.pause}</dd>
          <dt className="text-ink-2">Stop</dt>
          <dd className="text-ink-2">{CONSEQUENCES.stop}</dd>
        </dl>
      </div>
      <section aria-label="Closed trades">
        <h3 className="px-3 pb-1 text-2xs font-semibold text-ink-2">Closed trades</h3>
        <Trades run={run} />
      </section>
    </div>
  );
}
