import { useState } from 'react';
import { toast } from 'sonner';
import type { PositionView } from '../../../src/contract/types.ts';
import { nameOf, priceText } from '../../blotter/cells.ts';
import { COMMAND_TIMEOUT_MS } from '../../connection/connection.ts';
import { Button } from '../../controls/button.tsx';
import { ConfirmButton } from '../../controls/confirm-button.tsx';
import { cx } from '../../controls/cx.ts';
import { useDesk } from '../../desk/desk.ts';
import { useConnected, useWindow } from '../../desk/window-state.ts';
import { openDialog } from '../../dialogs/dialog-state.ts';
import { readTyped, signOf, snapToTick } from '../../format/decimal-text.ts';
import { percent } from '../../format/money.ts';
import { isUnprotected } from './open-risk.ts';

type ExitField = 'stopLoss' | 'takeProfit';
const TITLES: Readonly<Record<ExitField, string>> = { stopLoss: 'Stop-loss', takeProfit: 'Take-profit' };

/** Where a new exit begins to be typed: 1 % from the mark, on the tick. */
function startPrice(position: PositionView, field: ExitField, tick: string): string {
  const own = position[field];
  if (own !== null) return own;
  const isBelow = (field === 'stopLoss') === signOf(position.quantity) > 0;
  return snapToTick(Number(position.mark ?? position.averagePrice) * (isBelow ? 0.99 : 1.01), tick) ?? '';
}

function Typing({
  position,
  field,
  onDone,
}: {
  readonly position: PositionView;
  readonly field: ExitField;
  readonly onDone: () => void;
}) {
  const tick = useWindow((state) => state.instruments.get(position.instrument)?.tick ?? '0.01');
  const [typed, setTyped] = useState(() => startPrice(position, field, tick));
  const read = readTyped(typed);
  const isPrice = read !== null && signOf(read) > 0;
  return (
    <form
      className="flex items-center justify-end gap-1 py-1"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPrice) return;
        openDialog({ kind: 'protect', position, field, to: read });
        onDone();
      }}
    >
      <input
        autoFocus
        aria-label={`${TITLES[field]} price`}
        aria-invalid={!isPrice}
        value={typed}
        inputMode="decimal"
        onChange={(event) => setTyped(event.target.value)}
        className={cx(
          'h-6 w-32 rounded-sm border bg-canvas px-2 text-right text-ink',
          isPrice ? 'border-line-strong' : 'border-halt',
        )}
      />
      <Button size="small" type="submit" tone="accent" disabled={!isPrice}>
        Review
      </Button>
      <Button size="small" onClick={onDone}>
        Leave
      </Button>
    </form>
  );
}

/** One protective exit of a position: where it is, how far, and its change. */
export function ExitLine({ position, field }: { readonly position: PositionView; readonly field: ExitField }) {
  const desk = useDesk();
  const connected = useConnected();
  const [typing, setTyping] = useState(false);
  const price = position[field];
  const title = TITLES[field];
  const name = `${title.toLowerCase()} of ${nameOf(position.instrument)}`;
  const away = price === null || position.mark === null ? null : Number(price) / Number(position.mark) - 1;
  const isMissing = field === 'stopLoss' && isUnprotected(position);
  const remove = async () => {
    const { account, instrument } = position;
    const outcome = await desk.connection.call(
      (client, options) => client.positions.protect({ account, instrument, [field]: null }, options),
      COMMAND_TIMEOUT_MS,
    );
    if (outcome.kind === 'ok') {
      desk.positions.put(outcome.value);
      toast(`The ${name} is removed`);
    } else {
      toast.error(`The ${name} was not removed`, { description: outcome.sentence, duration: 10_000 });
    }
  };
  return (
    <div className="border-t border-line">
      <div className="flex min-h-8 items-center justify-between gap-3">
        <span className="text-ink-2">{title}</span>
        <span className="inline-flex items-center gap-1">
          <span className={cx('pr-1', isMissing && 'font-semibold text-warn')}>
            {price === null
              ? isMissing
                ? '▲ none'
                : 'none'
              : `${priceText(position.instrument, price)}${away === null ? '' : ` · ${percent(away)}`}`}
          </span>
          <Button
            size="small"
            disabled={!connected || typing}
            aria-label={`${price === null ? 'Set' : 'Move'} the ${name}`}
            onClick={() => setTyping(true)}
          >
            {price === null ? 'Set' : 'Move'}
          </Button>
          {price === null ? null : (
            <ConfirmButton label="Remove" confirmLabel="Remove it" onConfirm={() => void remove()} />
          )}
        </span>
      </div>
      {typing ? <Typing position={position} field={field} onDone={() => setTyping(false)} /> : null}
    </div>
  );
}
