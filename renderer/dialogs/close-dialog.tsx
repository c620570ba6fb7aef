import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { OrderPreview, PositionView } from '../../src/contract/types.ts';
import { Segmented } from '../controls/segmented.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { positionId, useDesk } from '../desk/desk.ts';
import { displayName, quantityName } from '../desk/instruments.ts';
import { statusWord } from '../desk/order-kind.ts';
import { useWindow } from '../desk/window-state.ts';
import { signOf, trimZeros } from '../format/decimal-text.ts';
import { shareOf } from '../format/grid-steps.ts';
import { money } from '../format/money.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { useRow } from '../market/use-row.ts';
import { ConfirmDialog } from './frame.tsx';

const SHARES = [
  { value: '25', label: '25 %' },
  { value: '50', label: '50 %' },
  { value: '75', label: '75 %' },
  { value: '100', label: '100 %' },
] as const;

interface Answer {
  readonly quantity: string;
  readonly preview: OrderPreview | null;
  readonly problem: string | null;
}

/** Reduce-only at market. The engine decides the exact quantity; this shows what it will cost. */
export function CloseDialog({
  position: opened,
  onClose,
}: {
  readonly position: PositionView;
  readonly onClose: () => void;
}) {
  const desk = useDesk();
  const position = useRow(desk.positions, positionId(opened));
  const instrument = useWindow((state) => state.instruments.get(opened.instrument));
  const account = useWindow((state) => state.accounts.find((each) => each.id === opened.account));
  const [share, setShare] = useState<(typeof SHARES)[number]['value']>('100');
  const [answer, setAnswer] = useState<Answer | null>(null);
  const key = useRef(`close-${crypto.randomUUID()}`);
  const sell = signOf(opened.quantity) > 0;
  const quantity =
    position === undefined || instrument === undefined
      ? null
      : shareOf(position.quantity, Number(share), instrument.step);

  useEffect(() => {
    let current = true;
    if (quantity === null || signOf(quantity) === 0) return undefined;
    const ticket = {
      account: opened.account,
      instrument: opened.instrument,
      side: sell ? ('sell' as const) : ('buy' as const),
      type: 'market' as const,
      quantity,
      timeInForce: 'IOC' as const,
      reduceOnly: true,
    };
    void desk.connection
      .call((client, options) => client.orders.preview(ticket, options))
      .then((outcome) => {
        if (!current) return;
        if (outcome.kind === 'ok') setAnswer({ quantity, preview: outcome.value, problem: null });
        else setAnswer({ quantity, preview: null, problem: outcome.sentence });
      });
    return () => {
      current = false;
    };
  }, [desk, opened.account, opened.instrument, quantity, sell]);

  // An answer about another share is not shown for this one.
  const { preview, problem } =
    answer?.quantity === quantity && answer !== null ? answer : { preview: null, problem: null };

  if (instrument === undefined || account === undefined) return null;
  const name = displayName(instrument);
  const confirm = async (): Promise<string | null> => {
    const outcome = await desk.connection.call(
      (client, options) =>
        client.positions.close(
          {
            account: opened.account,
            instrument: opened.instrument,
            fraction: Number(share) / 100,
            idempotencyKey: key.current,
          },
          options,
        ),
      COMMAND_TIMEOUT_MS,
    );
    if (outcome.kind === 'ok') {
      if (desk.order(outcome.value.id) === undefined) desk.takeOrder(outcome.value);
      toast(`Closing ${name}`, { description: statusWord(outcome.value.status) });
      return null;
    }
    return outcome.kind === 'unknown'
      ? `UNKNOWN: ${outcome.sentence} Look at the position before you repeat it; this dialog will not send a second order.`
      : outcome.sentence;
  };
  const warnings = preview?.checks.filter((check) => check.severity !== 'info').slice(0, 3) ?? [];
  return (
    <ConfirmDialog
      title={`Close ${name}`}
      onClose={onClose}
      tone={sell ? 'sell' : 'buy'}
      disabled={position === undefined || quantity === null || signOf(quantity) === 0}
      confirmLabel={`${sell ? 'SELL' : 'BUY'} ${quantity === null ? '' : trimZeros(quantity)} ${quantityName(instrument)} · ${modeSuffix(account)}`}
      onConfirm={confirm}
    >
      <p>
        {position === undefined
          ? 'This position is closed.'
          : `${sell ? 'Long' : 'Short'} ${trimZeros(position.quantity.replace('-', ''))} ${quantityName(instrument)} on ${account.name}. A reduce-only market order: it can never open the other side.`}
      </p>
      <Segmented
        label="Share to close"
        value={share}
        segments={SHARES}
        stretch
        onChange={(next) => {
          key.current = `close-${crypto.randomUUID()}`;
          setShare(next);
        }}
      />
      <dl className="grid grid-cols-2 gap-1">
        <dt className="text-ink-2">Notional</dt>
        <dd className="text-right text-lg font-semibold">
          {preview?.notional ? money(preview.notional, instrument.quote) : '–'}
        </dd>
        <dt className="text-ink-2">Fee</dt>
        <dd className="text-right">{preview?.fee ? money(preview.fee, instrument.quote) : '–'}</dd>
        <dt className="text-ink-2">Slippage</dt>
        <dd className="text-right">{preview?.estimate ? `${preview.estimate.slippageBps.toFixed(1)} bp` : '–'}</dd>
      </dl>
      {warnings.map((check) => (
        <p key={check.code} className={check.severity === 'block' ? 'text-halt' : 'text-warn'}>
          {check.sentence}
        </p>
      ))}
      {problem === null ? null : <p className="text-warn">{problem}</p>}
    </ConfirmDialog>
  );
}
