import { useState } from 'react';
import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { useDesk, type Desk } from '../desk/desk.ts';
import { readTyped } from '../format/decimal-text.ts';
import { money } from '../format/money.ts';
import { needsPrice, needsTrigger, type Draft } from './draft.ts';
import { rewardRatio, riskSize } from './risk-size.ts';
import { edit } from './ticket-state.ts';

/** Where the order is expected to open: its own price, or the other side of the book now. */
function entryOf(desk: Desk, draft: Draft, instrument: InstrumentView): string | null {
  const own = needsPrice(draft.type) ? draft.price : needsTrigger(draft.type) ? draft.trigger : '';
  if (own !== '') return readTyped(own);
  const quote = desk.quotes.get(instrument.id);
  return (draft.side === 'buy' ? quote?.ask : quote?.bid) ?? quote?.last ?? null;
}

interface RiskSizeRowProps {
  readonly draft: Draft;
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly disabled: boolean;
}

/** Risk in per cent of equity to quantity, by the distance of the stop. */
export function RiskSizeRow({ draft, account, instrument, disabled }: RiskSizeRowProps) {
  const desk = useDesk();
  const [said, setSaid] = useState<string | null>(null);
  const apply = () => {
    const equity = desk.figures.get(account.id)?.equity ?? null;
    const size = riskSize(draft, entryOf(desk, draft, instrument), equity, instrument.step);
    if ('missing' in size) return setSaid(size.missing);
    edit({ quantity: size.quantity });
    setSaid(`Risks ${money(size.risk, account.currency)} at the stop, before fees.`);
  };
  const ratio = rewardRatio(draft, entryOf(desk, draft, instrument));
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-end gap-2">
        <Field
          label="Risk of equity"
          value={draft.risk}
          onChange={(risk) => {
            setSaid(null);
            edit({ risk });
          }}
          unit="%"
          placeholder="0.5"
          disabled={disabled}
          className="w-24"
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            if (!event.repeat) apply();
          }}
        />
        <Button disabled={disabled || draft.risk.trim() === ''} onClick={apply}>
          Size by risk
        </Button>
        {ratio === null ? null : (
          <span className="mb-1.5 ml-auto text-ink-2" title="Distance to the target over distance to the stop">
            R <span className="font-semibold text-ink">{ratio.toFixed(2)}</span>
          </span>
        )}
      </div>
      {said === null ? null : (
        <p role="status" className="text-2xs text-ink-2">
          {said}
        </p>
      )}
    </div>
  );
}
