import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { statusWord } from '../desk/order-kind.ts';
import { useRow } from '../market/use-row.ts';
import type { ClickResult } from './one-click.ts';

interface ClickStatusProps {
  readonly result: ClickResult | null;
  readonly note: string | null;
  readonly onTicket: (() => void) | null;
}

/** What became of the last press, in one line that a screen reader hears. */
export function ClickStatus({ result, note, onTicket }: ClickStatusProps) {
  const desk = useDesk();
  const orderId = result?.kind === 'sent' ? result.orderId : null;
  const working = useRow(desk.working, orderId);
  const done = useRow(desk.history, orderId);
  const order = working ?? done;
  if (result !== null && (result.kind === 'refused' || result.kind === 'unknown')) {
    return (
      <div role="alert" className="flex max-h-24 shrink-0 flex-col gap-1 overflow-auto border-t border-line px-2 py-1">
        <p className={result.kind === 'unknown' ? 'font-semibold text-halt' : 'text-warn'}>
          {result.kind === 'unknown' ? 'UNKNOWN: checking. ' : 'Not sent: '}
          <span className="font-normal text-ink">
            {result.words}. {result.sentence}
          </span>
        </p>
        {onTicket === null ? null : (
          <Button size="small" className="self-start" onClick={onTicket}>
            Open in the ticket
          </Button>
        )}
      </div>
    );
  }
  const text =
    note ??
    (result === null
      ? ''
      : result.kind === 'sending'
        ? `Sending ${result.words}`
        : `${order === undefined ? 'Sent' : statusWord(order.status)} · ${result.words}`);
  return (
    <p role="status" className="min-h-6 shrink-0 truncate border-t border-line px-2 py-1 text-ink-2" title={text}>
      {text}
    </p>
  );
}
