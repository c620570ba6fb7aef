import { toast } from 'sonner';
import type { OrderView, PositionView } from '../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useDesk } from '../desk/desk.ts';
import { displayName, quantityName } from '../desk/instruments.ts';
import { isWorking } from '../desk/order-kind.ts';
import { useWindow } from '../desk/window-state.ts';
import { times } from '../format/decimal-text.ts';
import { figures, money } from '../format/money.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { useRow } from '../market/use-row.ts';
import { modifyOrder } from '../orders/commands.ts';
import { ConfirmDialog } from './frame.tsx';

interface ChangeProps {
  readonly before: string;
  readonly after: string;
}

function Change({ before, after }: ChangeProps) {
  return (
    <p className="flex items-baseline gap-2 text-lg font-semibold">
      <span className="text-ink-2">{before}</span>
      <span aria-label="to">→</span>
      <span>{after}</span>
    </p>
  );
}

interface ModifyProps {
  readonly order: OrderView;
  readonly field: 'price' | 'trigger';
  readonly to: string;
  readonly onClose: () => void;
}

/** A line was dragged on the chart: nothing has changed until this is confirmed. */
export function ModifyDialog({ order, field, to, onClose }: ModifyProps) {
  const desk = useDesk();
  const current = useRow(desk.working, order.id);
  const instrument = useWindow((state) => state.instruments.get(order.instrument));
  const account = useWindow((state) => state.accounts.find((each) => each.id === order.account));
  if (instrument === undefined || account === undefined) return null;
  const price = (text: string | null) =>
    text === null ? '–' : figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  const notional = times(to, order.remaining);
  const gone = current === undefined || !isWorking(current);
  return (
    <ConfirmDialog
      title={`Move the ${field === 'price' ? 'limit' : 'stop'} of ${order.side} ${order.remaining} ${displayName(instrument)}`}
      confirmLabel={`Modify to ${price(to)} · ${modeSuffix(account)}`}
      tone={order.side}
      disabled={gone}
      onClose={onClose}
      onConfirm={() => modifyOrder(desk, order.id, { [field]: to })}
    >
      <Change before={price(order[field])} after={price(to)} />
      <p>
        {order.remaining} {quantityName(instrument)} left
        {notional === null ? '' : `, ${money(notional, instrument.quote)} at the new price`}. The engine checks the
        change like a new order.
      </p>
      {gone ? <p className="font-semibold text-warn">This order is no longer working.</p> : null}
    </ConfirmDialog>
  );
}

interface ProtectProps {
  readonly position: PositionView;
  readonly field: 'stopLoss' | 'takeProfit';
  readonly to: string;
  readonly onClose: () => void;
}

export function ProtectDialog({ position, field, to, onClose }: ProtectProps) {
  const desk = useDesk();
  const instrument = useWindow((state) => state.instruments.get(position.instrument));
  const account = useWindow((state) => state.accounts.find((each) => each.id === position.account));
  if (instrument === undefined || account === undefined) return null;
  const price = (text: string | null) =>
    text === null ? 'none' : figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  const name = field === 'stopLoss' ? 'stop-loss' : 'take-profit';
  const confirm = async (): Promise<string | null> => {
    const outcome = await desk.connection.call(
      (client, options) =>
        client.positions.protect({ account: position.account, instrument: position.instrument, [field]: to }, options),
      COMMAND_TIMEOUT_MS,
    );
    if (outcome.kind !== 'ok') return outcome.sentence;
    desk.positions.put(outcome.value);
    toast(`${name} of ${displayName(instrument)} is now ${price(to)}`);
    return null;
  };
  return (
    <ConfirmDialog
      title={`Move the ${name} of ${displayName(instrument)}`}
      confirmLabel={`Set to ${price(to)} · ${modeSuffix(account)}`}
      tone="accent"
      onClose={onClose}
      onConfirm={confirm}
    >
      <Change before={price(position[field])} after={price(to)} />
    </ConfirmDialog>
  );
}
