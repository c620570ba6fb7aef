import { useEffect, useRef } from 'react';
import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { useSettings } from '../settings/settings.ts';
import { backToAlgorithm, isBlocked, reviewParent, startParent, useAlgorithm } from './algorithm-state.ts';
import { useTicket } from './ticket-state.ts';
import { useSecondPress } from './use-second-press.ts';

interface AlgorithmButtonProps {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  /** "BUY 0.5 BTC · PAPER". */
  readonly words: string;
}

/** Review, then begin: the same two presses as for an order, and none where it is blocked. */
export function AlgorithmButton({ account, instrument, words }: AlgorithmButtonProps) {
  const desk = useDesk();
  const connected = useConnected();
  const side = useTicket((state) => state.draft.side);
  const phase = useAlgorithm((state) => state.phase);
  const ready = useSecondPress(phase.name === 'review' ? phase.review.openedAt : null);
  const button = useRef<HTMLButtonElement>(null);
  const blocked = phase.name === 'review' && isBlocked(phase.review);
  const warned = phase.name === 'review' && phase.review.preview.checks.some(({ severity }) => severity === 'warn');
  const takesFocus = phase.name === 'review' && !blocked && !warned;
  // With warnings the focus stays away from the button: a habitual Enter must not wave them through.
  useEffect(() => {
    if (takesFocus && useSettings.getState().confirmTicket === 'review') button.current?.focus();
  }, [takesFocus]);
  if (blocked) {
    return (
      <Button size="large" className="w-full" onClick={backToAlgorithm}>
        Change the order
      </Button>
    );
  }
  const inReview = phase.name === 'review';
  const busy = phase.name === 'reviewing' ? 'Asking for the review…' : phase.name === 'sending' ? 'Beginning…' : null;
  return (
    <div className="flex gap-2">
      {inReview ? (
        <Button size="large" onClick={backToAlgorithm}>
          Back
        </Button>
      ) : null}
      <Button
        ref={button}
        data-testid="primary"
        tone={side === 'buy' ? 'buy' : 'sell'}
        size="large"
        className="min-w-0 flex-1"
        disabled={!connected || busy !== null || phase.name === 'unknown'}
        aria-disabled={inReview && !ready}
        onKeyDown={(event) => {
          // A held key is one press.
          if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
        }}
        onClick={() => {
          if (inReview) startParent(desk);
          else void reviewParent(desk, account.id, instrument);
        }}
      >
        <span className="truncate">
          {busy ?? (phase.name === 'unknown' ? 'UNKNOWN: checking' : inReview ? `Begin ${words}` : `Review ${words}`)}
        </span>
      </Button>
    </div>
  );
}
