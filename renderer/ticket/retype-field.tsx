import type { InstrumentView } from '../../src/contract/types.ts';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { quantityUnit } from '../desk/instruments.ts';
import { send } from './flow.ts';
import { isRetyped, needsRetype } from './retype.ts';
import { useTicket, type Review } from './ticket-state.ts';

/** The quantity once more, where the settings ask for it. */
export function RetypeField({ review, instrument }: { readonly review: Review; readonly instrument: InstrumentView }) {
  const desk = useDesk();
  const typed = useTicket((state) => state.retyped);
  if (!needsRetype(review)) return null;
  return (
    <Field
      label="Type the quantity again to send"
      value={typed}
      onChange={(text) => useTicket.setState({ retyped: text })}
      unit={quantityUnit(instrument)}
      problem={typed === '' || isRetyped(review, typed) ? null : `Not the quantity of this order.`}
      autoFocus
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.repeat) {
          event.preventDefault();
          send(desk);
        }
      }}
    />
  );
}
