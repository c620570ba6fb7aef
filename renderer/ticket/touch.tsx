import type { InstrumentView } from '../../src/contract/types.ts';
import { LiveText } from '../controls/live-text.tsx';
import { useDesk } from '../desk/desk.ts';
import { isDoubtful, type QuoteRow } from '../desk/quote-row.ts';
import { figures } from '../format/money.ts';

/** Best bid and ask above the fields. */
export function Touch({ instrument }: { readonly instrument: InstrumentView }) {
  const desk = useDesk();
  const price = (text: string | null) =>
    text === null ? '–' : figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  const side = (name: 'bid' | 'ask') => (quote: QuoteRow) => ({
    text: price(quote[name]),
    doubtful: isDoubtful(quote),
  });
  const size = (name: 'bidSize' | 'askSize') => (quote: QuoteRow) => ({ text: quote[name] ?? '' });
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-sm border border-line bg-line">
      {(['bid', 'ask'] as const).map((name) => (
        <div key={name} className="flex flex-col bg-panel px-2 py-1">
          <dt className="flex justify-between text-2xs text-ink-2">
            <span>{name === 'bid' ? 'Bid' : 'Ask'}</span>
            <LiveText store={desk.quotes} id={instrument.id} read={size(`${name}Size`)} />
          </dt>
          <dd className={`text-base font-semibold ${name === 'bid' ? 'text-up' : 'text-down'}`}>
            <LiveText store={desk.quotes} id={instrument.id} read={side(name)} everyMs={100} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
