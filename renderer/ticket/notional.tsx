import type { InstrumentView } from '../../src/contract/types.ts';
import { LiveText } from '../controls/live-text.tsx';
import { useDesk } from '../desk/desk.ts';
import { isDoubtful, type QuoteRow } from '../desk/quote-row.ts';
import { readTyped, times } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { needsPrice, needsTrigger, type Draft } from './draft.ts';

interface NotionalProps {
  readonly draft: Draft;
  readonly instrument: InstrumentView;
}

/** The other unit of the quantity, in large type beside it: who types a notional into the quantity sees it at once. */
export function Notional({ draft, instrument }: NotionalProps) {
  const desk = useDesk();
  const quantity = readTyped(draft.quantity);
  const own = readTyped(needsPrice(draft.type) ? draft.price : needsTrigger(draft.type) ? draft.trigger : '');
  const read = (quote: QuoteRow) => {
    const touch = (draft.side === 'buy' ? quote.ask : quote.bid) ?? quote.last;
    const price = own ?? touch;
    const product = quantity === null || price === null ? null : times(quantity, price);
    if (product === null) return { text: '–' };
    return {
      text: `${own === null ? '≈ ' : ''}${figures(product, { currency: instrument.quote, digits: 2 })}`,
      doubtful: own === null && isDoubtful(quote),
    };
  };
  return (
    <LiveText
      key={`${draft.quantity}/${draft.price}/${draft.trigger}/${draft.side}/${draft.type}`}
      store={desk.quotes}
      id={instrument.id}
      read={read}
      className="truncate text-right text-lg font-semibold"
    />
  );
}
