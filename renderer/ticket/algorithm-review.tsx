import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { quantityName } from '../desk/instruments.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { trimZeros } from '../format/decimal-text.ts';
import { figures } from '../format/money.ts';
import { backToAlgorithm, useAlgorithm, type ParentReview } from './algorithm-state.ts';
import { algorithmName, sliceText, spanText } from './algorithm-words.ts';
import { Blocks, Row, Warnings } from './review.tsx';

interface AlgorithmReviewProps {
  readonly review: ParentReview;
  readonly account: AccountView;
  readonly instrument: InstrumentView;
}

/** Terms whose value says something to a person; times as times. */
function termLines(terms: ParentReview['preview']['terms']): readonly (readonly [string, string])[] {
  return Object.entries(terms).flatMap(([name, value]) => {
    if (value === null || value === false || name === 'seed' || name === 'type' || name === 'curve') return [];
    const isTime = name.endsWith('Ms') && typeof value === 'number';
    const words = name
      .replace(/Ms$/, '')
      .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    return [[words, isTime ? spanText(value) : value === true ? 'yes' : String(value)] as const];
  });
}

/** How the parent would be worked and why, where it would be cheapest, and the verdict on the whole of it. */
export function AlgorithmReview({ review, account, instrument }: AlgorithmReviewProps) {
  const { ticket, preview } = review;
  const price = (text: string) => figures(text, { currency: instrument.quote, digits: instrument.priceDigits });
  const blocks = preview.checks.filter((check) => check.severity === 'block');
  const warnings = preview.checks.filter((check) => check.severity === 'warn');
  const slices = sliceText(preview.slices);
  const terms = termLines(preview.terms);
  return (
    <section
      aria-label="Order review"
      data-testid="review"
      className="flex flex-col gap-2 rounded-sm border border-line bg-raised p-2"
    >
      <p className="text-sm font-semibold">
        <span className={ticket.side === 'buy' ? 'text-up' : 'text-down'}>
          {ticket.side === 'buy' ? '▲ BUY' : '▼ SELL'}
        </span>{' '}
        {trimZeros(ticket.quantity)} {quantityName(instrument)} by {algorithmName(preview.type)}
        {ticket.price ? `, worst ${price(ticket.price)}` : ''}
      </p>
      {preview.refusal === null || blocks.length > 0 ? null : (
        <div role="alert" className="halt-hatch flex flex-col gap-1 rounded-sm p-2">
          <p className="text-sm font-bold">BLOCKED</p>
          <p className="font-medium">{preview.refusal.sentence}</p>
        </div>
      )}
      {blocks.length > 0 ? <Blocks checks={blocks} /> : null}
      {warnings.length > 0 ? <Warnings checks={warnings} /> : null}
      {preview.reasons.length === 0 ? null : (
        <ul aria-label="Why this algorithm" className="flex list-disc flex-col gap-0.5 pl-4 text-ink-2">
          {preview.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <dl className="flex flex-col gap-0.5">
        <Row name="Account">
          {account.name} · {modeSuffix(account)}
        </Row>
        {slices === null ? null : <Row name="Plan">{slices}</Row>}
        {preview.suggested === null || preview.suggested === preview.type ? null : (
          <Row name="The figures suggest">{algorithmName(preview.suggested)}</Row>
        )}
        {preview.venues.slice(0, 3).map((venue) => (
          <Row key={venue.instrument} name={`${venue.rank}. ${venue.venue}`}>
            <span title={venue.sentence}>
              {venue.allInPrice === null ? 'no price' : price(venue.allInPrice)} all in
              {venue.extraBps === null || venue.extraBps === 0 ? '' : ` · +${venue.extraBps.toFixed(1)} bp`}
              {venue.fillsWhole ? '' : ' · not the whole'}
            </span>
          </Row>
        ))}
      </dl>
      <details className="text-ink-2">
        <summary className="h-6 font-medium">All {terms.length} terms</summary>
        <dl className="flex flex-col gap-0.5">
          {terms.map(([name, value]) => (
            <Row key={name} name={name}>
              {value}
            </Row>
          ))}
        </dl>
      </details>
      {preview.refusal === null && blocks.length + warnings.length === 0 ? (
        <p className="text-ink-2">✓ All {preview.checks.length} checks passed; each order it sends is checked again</p>
      ) : null}
    </section>
  );
}

/** What became of the last press. */
export function AlgorithmResult() {
  const phase = useAlgorithm((state) => state.phase);
  if (phase.name === 'sent') {
    return (
      <div role="status" className="flex items-center justify-between gap-2 rounded-sm border border-line p-2">
        <p>
          <span className="font-semibold">Begun</span> · {phase.id}. Its progress stands under Algorithms.
        </p>
        <Button size="small" tone="quiet" onClick={backToAlgorithm}>
          Done
        </Button>
      </div>
    );
  }
  if (phase.name === 'unknown') {
    return (
      <div role="alert" className="rounded-sm border border-warn p-2">
        <p className="text-sm font-bold text-warn">UNKNOWN: checking</p>
        <p>
          {phase.sentence} It may have begun. The same order is asked for until the engine says; it begins only once.
          Try {phase.tries}.
        </p>
      </div>
    );
  }
  if (phase.name !== 'refused') return null;
  return (
    <div role="alert" className="rounded-sm border border-halt p-2">
      <p className="font-semibold text-halt">{phase.code}</p>
      <p>{phase.sentence}</p>
    </div>
  );
}
