import type { InstrumentView } from '../../src/contract/types.ts';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { quantityUnit } from '../desk/instruments.ts';
import { asksFor, asksStyle, asksUrgency, type AlgorithmField } from './algorithm-draft.ts';
import { editAlgorithm, useAlgorithm } from './algorithm-state.ts';
import { ALGORITHMS } from './algorithm-words.ts';

const URGENCIES = [
  { value: 'passive', label: 'Passive', detail: 'waits' },
  { value: 'low', label: 'Low urgency', detail: '' },
  { value: 'normal', label: 'Normal urgency', detail: '' },
  { value: 'high', label: 'High urgency', detail: 'crosses early' },
] as const;
const FIELDS: readonly { readonly name: AlgorithmField; readonly label: string; readonly unit: string }[] = [
  { name: 'horizon', label: 'Over', unit: 'min' },
  { name: 'interval', label: 'One order every', unit: 's' },
  { name: 'rate', label: 'Share of volume', unit: '%' },
  { name: 'display', label: 'Shown at a time', unit: '' },
  { name: 'collar', label: 'Collar', unit: 'bp' },
];

interface AlgorithmFieldsProps {
  readonly instrument: InstrumentView;
  readonly onEnter: (event: React.KeyboardEvent) => void;
}

/** Which algorithm works the order, and its terms. */
export function AlgorithmFields({ instrument, onEnter }: AlgorithmFieldsProps) {
  const { draft, problems, phase } = useAlgorithm();
  const locked = phase.name === 'sending' || phase.name === 'unknown';
  return (
    <>
      <Choice
        label="Algorithm"
        value={draft.kind}
        options={ALGORITHMS}
        disabled={locked}
        onChange={(kind) => editAlgorithm({ kind })}
      />
      <div className="grid grid-cols-2 gap-2">
        {FIELDS.filter(({ name }) => asksFor(draft.kind, name) !== 'no').map(({ name, label, unit }) => (
          <Field
            key={name}
            label={label}
            unit={name === 'display' ? quantityUnit(instrument) : unit}
            value={draft[name]}
            onChange={(value) => editAlgorithm({ [name]: value })}
            placeholder={asksFor(draft.kind, name) === 'may' ? 'open' : ''}
            problem={problems[name] ?? null}
            disabled={locked}
            onKeyDown={onEnter}
          />
        ))}
      </div>
      <div className="grid grid-cols-2 gap-2">
        {asksUrgency(draft.kind) ? (
          <Choice
            label="Urgency"
            value={draft.urgency}
            options={URGENCIES}
            disabled={locked}
            onChange={(urgency) => editAlgorithm({ urgency })}
          />
        ) : null}
        {asksStyle(draft.kind) ? (
          <Choice
            label="Orders it sends"
            value={draft.style}
            options={[
              { value: 'limit', label: 'Limit orders' },
              { value: 'market', label: 'Market orders' },
            ]}
            disabled={locked}
            onChange={(style) => editAlgorithm({ style })}
          />
        ) : null}
        {draft.kind === 'pov' ? (
          <Choice
            label="At the end"
            value={draft.finish}
            options={[
              { value: 'leave', label: 'Leaves the rest' },
              { value: 'complete', label: 'Takes the rest' },
            ]}
            disabled={locked}
            onChange={(finish) => editAlgorithm({ finish })}
          />
        ) : null}
        <Choice
          label="Venue"
          value={draft.venue}
          options={[
            { value: 'named', label: 'This venue' },
            { value: 'best', label: 'Cheapest venue', detail: 'all in' },
          ]}
          disabled={locked}
          onChange={(venue) => editAlgorithm({ venue })}
        />
      </div>
    </>
  );
}
