import type { InstrumentView } from '../../src/contract/types.ts';
import { Check } from '../controls/check.tsx';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { typeWord } from '../desk/order-kind.ts';
import { useRowCount } from '../market/use-rows.ts';
import { trimZeros } from '../format/decimal-text.ts';
import type { Draft, FigureField, OffsetType, TriggerSource } from './draft.ts';
import { edit } from './ticket-state.ts';

const SOURCES = [
  { value: 'bid-ask', label: 'Bid/ask', detail: 'the side it trades at' },
  { value: 'last', label: 'Last', detail: 'last trade' },
  { value: 'mid', label: 'Mid', detail: 'middle of the touch' },
  { value: 'mark', label: 'Mark', detail: 'price of positions' },
] as const satisfies readonly { value: TriggerSource; label: string; detail: string }[];

const OFFSETS = [
  { value: 'percent', label: '%', detail: 'of the price' },
  { value: 'price', label: 'Price', detail: 'distance in price' },
  { value: 'ticks', label: 'Ticks', detail: 'distance in ticks' },
] as const satisfies readonly { value: OffsetType; label: string; detail: string }[];

/** Value, change handler and problem of one figure of the draft. */
type FieldOf = (name: FigureField) => {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem: string | null;
  readonly disabled: boolean;
};

interface PartProps {
  readonly draft: Draft;
  readonly instrument: InstrumentView;
  readonly locked: boolean;
  readonly field: FieldOf;
}

/** Terms of a trailing stop: how far behind, of which price, and from where on. */
export function TrailingFields({ draft, instrument, locked, field }: PartProps) {
  return (
    <>
      <div className="grid grid-cols-[1fr_5.5rem] items-end gap-2">
        <Field label="Trail by" {...field('offset')} />
        <Choice
          label="Unit of the distance"
          value={draft.offsetType}
          options={OFFSETS}
          disabled={locked}
          onChange={(offsetType) => edit({ offsetType })}
        />
      </div>
      <div className="grid grid-cols-[1fr_5.5rem] items-end gap-2">
        <Field label="Starts at" unit={instrument.quote} placeholder="at once" {...field('activation')} />
        <Choice
          label="Price that triggers"
          value={draft.triggerSource}
          options={SOURCES}
          disabled={locked}
          onChange={(triggerSource) => edit({ triggerSource })}
        />
      </div>
    </>
  );
}

/** Holds the order back until the price of its instrument is reached. */
function ConditionFields({ draft, instrument, locked, field }: PartProps) {
  return (
    <div className="grid grid-cols-[5.5rem_5.5rem_1fr] items-end gap-2">
      <Choice
        label="Price of the condition"
        value={draft.conditionSource}
        options={SOURCES}
        disabled={locked}
        onChange={(conditionSource) => edit({ conditionSource })}
      />
      <Choice
        label="Direction of the condition"
        value={draft.conditionWhen}
        options={[
          { value: 'at-or-above', label: '≥', detail: 'at or above' },
          { value: 'at-or-below', label: '≤', detail: 'at or below' },
        ]}
        disabled={locked}
        onChange={(conditionWhen) => edit({ conditionWhen })}
      />
      <Field label="Send when it is" unit={instrument.quote} {...field('conditionPrice')} />
    </div>
  );
}

interface OcoChoiceProps {
  readonly draft: Draft;
  readonly account: string;
  readonly instrument: InstrumentView;
  readonly locked: boolean;
}

/** A working order of the same instrument that shares its quantity with this one. Nothing to choose: not shown. */
function OcoChoice({ draft, account, instrument, locked }: OcoChoiceProps) {
  const desk = useDesk();
  useRowCount(desk.working);
  const others = desk.working
    .rows()
    .filter((order) => order.account === account && order.instrument === instrument.id && order.side === draft.side);
  if (others.length === 0 && draft.oco === '') return null;
  return (
    <Choice
      label="One cancels the other, with"
      value={draft.oco}
      options={[
        { value: '', label: 'No OCO' },
        ...others.map(({ id, type, remaining, price, trigger }) => ({
          value: id,
          label: `OCO with ${typeWord(type).toLowerCase()} ${trimZeros(remaining)}${price === null ? '' : ` at ${price}`}${trigger === null ? '' : `, stop ${trigger}`}`,
        })),
      ]}
      disabled={locked}
      onChange={(oco) => edit({ oco })}
    />
  );
}

/** Conditions and ties to other orders, below the terms of the order itself. */
export function ContingentFields(props: PartProps & { readonly account: string }) {
  const { draft, instrument, locked, account } = props;
  return (
    <>
      <div className="flex items-center gap-3">
        <Check
          label="Wait for a price"
          title="The engine holds the order back until the price is reached"
          checked={draft.conditional}
          disabled={locked}
          onChange={(conditional) => edit({ conditional })}
        />
        <OcoChoice draft={draft} account={account} instrument={instrument} locked={locked} />
      </div>
      {draft.conditional ? <ConditionFields {...props} /> : null}
    </>
  );
}
