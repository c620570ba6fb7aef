import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { isWorking, statusWord } from '../desk/order-kind.ts';
import { useRow } from '../market/use-row.ts';
import { cancelOrder } from '../orders/commands.ts';
import { backToEdit, useTicket, type Phase } from './ticket-state.ts';

function Sent({ orderId }: { readonly orderId: string }) {
  const desk = useDesk();
  const working = useRow(desk.working, orderId);
  const closed = useRow(desk.history, orderId);
  const order = working ?? closed;
  if (order === undefined) return <p role="status">Sent, waiting for its state.</p>;
  const bad = order.status === 'DENIED' || order.status === 'REJECTED';
  return (
    <div
      role={bad ? 'alert' : 'status'}
      className={`flex items-center justify-between gap-2 rounded-sm border p-2 ${bad ? 'border-halt' : 'border-line'}`}
    >
      <p className="min-w-0">
        <span className={`font-semibold ${bad ? 'text-halt' : ''}`}>{statusWord(order.status)}</span> ·{' '}
        {order.side.toUpperCase()} {order.quantity}
        {order.filled === '0' || !/[1-9]/.test(order.filled) ? '' : `, ${order.filled} filled`}
        {order.averagePrice === null ? '' : ` at ${order.averagePrice}`}
        {order.reason === null ? null : <span className="block text-ink-2">{order.reason}</span>}
      </p>
      {isWorking(order) ? (
        <Button size="small" onClick={() => void cancelOrder(desk, order)}>
          Cancel
        </Button>
      ) : (
        <Button size="small" tone="quiet" onClick={backToEdit}>
          Done
        </Button>
      )}
    </div>
  );
}

function Unknown({ phase }: { readonly phase: Extract<Phase, { name: 'unknown' }> }) {
  return (
    <div role="alert" className="rounded-sm border border-warn p-2">
      <p className="text-sm font-bold text-warn">UNKNOWN: checking</p>
      <p>
        {phase.sentence} The order may be in the market. It is not sent again; the engine is being asked what became of
        it.
      </p>
      <p className="text-ink-2">
        {phase.checks} {phase.checks === 1 ? 'check' : 'checks'} so far
      </p>
    </div>
  );
}

/** What became of the last press. */
export function Result() {
  const phase = useTicket((state) => state.phase);
  if (phase.name === 'sent') return <Sent orderId={phase.orderId} />;
  if (phase.name === 'unknown') return <Unknown phase={phase} />;
  if (phase.name !== 'refused') return null;
  const blocks = phase.refusal?.checks?.filter((check) => check.severity === 'block') ?? [];
  return (
    <div role="alert" className="rounded-sm border border-halt p-2">
      <p className="font-semibold text-halt">{phase.code}</p>
      <p>{phase.sentence}</p>
      {blocks.slice(1).map((check) => (
        <p key={check.code} className="text-ink-2">
          {check.sentence}
        </p>
      ))}
    </div>
  );
}
