import { useEffect, useState, type ReactNode } from 'react';
import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { cx } from '../controls/cx.ts';
import { LiveText } from '../controls/live-text.tsx';
import { positionId, useDesk } from '../desk/desk.ts';
import { displayName, quantityUnit } from '../desk/instruments.ts';
import { signOf, trimZeros } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { HoldButton } from '../safety/hold-button.tsx';
import { readSize, setLadderSize, useLadderSizes } from './ladder-sizes.ts';
import { groupings } from './price-rows.ts';
import type { Arming } from './use-arming.ts';
import type { PositionView } from '../../src/contract/types.ts';

const ARM_HOLD_MS = 1_000;

interface LadderBarProps {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly arming: Arming;
  readonly size: string | null;
  readonly multiple: number | null;
  readonly onMultiple: (multiple: number | null) => void;
  readonly onCentre: () => void;
  readonly onMarket: (side: 'buy' | 'sell') => void;
  readonly children: ReactNode;
}

function SizeField({ instrument, locked }: { readonly instrument: InstrumentView; readonly locked: boolean }) {
  const typed = useLadderSizes(({ sizes }) => sizes[instrument.id] ?? '');
  const read = readSize(typed, instrument);
  const problem = 'problem' in read ? read.problem : null;
  return (
    <label
      className={cx(
        'flex h-6 min-w-0 flex-1 items-center gap-1 rounded-sm border bg-canvas px-1.5 focus-within:outline-2 focus-within:outline-[var(--focus)]',
        problem !== null && typed !== '' ? 'border-halt' : 'border-line-strong',
      )}
      title={problem ?? 'What one click sends. Disarm to change it.'}
    >
      <span className="text-2xs text-ink-2">Size</span>
      <input
        value={typed}
        disabled={locked}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        aria-label="Size of one click"
        aria-invalid={problem !== null && typed !== '' ? true : undefined}
        placeholder={trimZeros(instrument.minQuantity)}
        onChange={(event) => setLadderSize(instrument.id, event.target.value)}
        className="min-w-0 flex-1 bg-transparent text-right font-semibold outline-none placeholder:font-normal placeholder:text-ink-3"
      />
      <span className="shrink-0 text-2xs text-ink-2">{quantityUnit(instrument)}</span>
    </label>
  );
}

function Padlock({ open }: { readonly open: boolean }) {
  return (
    <svg aria-hidden viewBox="0 0 16 16" className="size-3.5" fill="none" stroke="currentColor" strokeWidth="1.6">
      <rect x="3" y="7" width="10" height="7" rx="1" fill="currentColor" stroke="none" />
      <path d={open ? 'M5 7V4.5a3 3 0 0 1 5.8-1' : 'M5 7V4.5a3 3 0 0 1 6 0V7'} />
    </svg>
  );
}

function readPosition(instrument: InstrumentView) {
  return (position: PositionView) => {
    const price = figures(position.averagePrice, { currency: instrument.quote, digits: instrument.priceDigits });
    const pnl = position.unrealised;
    const side = signOf(position.quantity) < 0 ? 'Short' : 'Long';
    return {
      text: `${side} ${trimZeros(position.quantity.replace('-', ''))} @ ${price}${pnl === null ? '' : ` · ${position.stale ? '≈ ' : ''}${figures(pnl, { currency: instrument.quote, digits: 2, sign: 'always' })}`}`,
      sign: pnl === null ? (0 as const) : signOf(pnl),
      doubtful: position.stale,
    };
  };
}

function useOwnCount(account: string, instrument: string): number {
  const desk = useDesk();
  const [count, setCount] = useState(0);
  useEffect(() => {
    const read = () =>
      setCount(
        desk.working.rows().filter((order) => order.account === account && order.instrument === instrument).length,
      );
    read();
    return desk.working.subscribe(read);
  }, [desk, account, instrument]);
  return count;
}

/** Above the ladder: what a click sends and whether it sends. Below it: market orders and the way out. */
export function LadderBar({
  account,
  instrument,
  arming,
  size,
  multiple,
  onMultiple,
  onCentre,
  onMarket,
  children,
}: LadderBarProps) {
  const desk = useDesk();
  const { armed, blocker, arm, disarm } = arming;
  const own = useOwnCount(account.id, instrument.id);
  const groups = groupings(instrument).map(({ multiple: each, label }) => ({ value: String(each), label }));
  const cancelAll = () =>
    void desk.connection.call(
      (client, options) => client.orders.cancelAll({ account: account.id, instrument: instrument.id }, options),
      COMMAND_TIMEOUT_MS,
    );
  return (
    <>
      <div className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold">{displayName(instrument)}</h2>
        <Choice
          label="Price distance of a row"
          value={multiple === null ? 'auto' : String(multiple)}
          options={[{ value: 'auto', label: 'Auto' }, ...groups]}
          onChange={(next) => onMultiple(next === 'auto' ? null : Number(next))}
          className="h-6 w-16"
        />
        <Button size="small" tone="quiet" title="Centre on the touch (C)" onClick={onCentre}>
          Centre
        </Button>
      </div>
      <div
        className={cx(
          'flex h-9 shrink-0 items-center gap-1 border-b px-2',
          armed ? (account.kind === 'live' ? 'border-live bg-live/25' : 'border-paper bg-paper/20') : 'border-line',
        )}
      >
        <SizeField instrument={instrument} locked={armed} />
        {armed ? (
          <Button size="small" onClick={() => disarm('by you')} aria-pressed title="One click sends one order. Disarm">
            <Padlock open /> ARMED {account.kind === 'live' ? 'LIVE' : 'PAPER'}
          </Button>
        ) : (
          <>
            <Padlock open={false} />
            <HoldButton
              size="small"
              tone="plain"
              holdMs={ARM_HOLD_MS}
              label="Hold to arm"
              confirmLabel="arm clicks"
              disabled={blocker !== null}
              title={blocker === null ? 'Hold for a second: then one click sends one order' : `Not now: ${blocker}`}
              onConfirm={arm}
            />
          </>
        )}
      </div>
      {children}
      <div className="flex h-6 shrink-0 items-center border-t border-line px-2">
        <LiveText
          store={desk.positions}
          id={positionId({ account: account.id, instrument: instrument.id })}
          read={readPosition(instrument)}
          className="truncate"
        />
      </div>
      <div className="flex shrink-0 items-center gap-1 border-t border-line p-1">
        <Button size="small" tone="buy" className="min-w-0 flex-1" disabled={!armed} onClick={() => onMarket('buy')}>
          Buy mkt
        </Button>
        <Button
          size="small"
          className="min-w-0 flex-1"
          disabled={own === 0}
          onClick={cancelAll}
          title={`Cancel the orders of ${displayName(instrument)} on ${account.name}; protective exits stay`}
        >
          Cancel {own === 0 ? 'all' : own}
        </Button>
        <Button size="small" tone="sell" className="min-w-0 flex-1" disabled={!armed} onClick={() => onMarket('sell')}>
          Sell mkt
        </Button>
      </div>
      <span className="sr-only">
        {armed ? `Click trading armed: ${size ?? ''} ${modeSuffix(account)}` : 'Click trading disarmed'}
      </span>
    </>
  );
}
