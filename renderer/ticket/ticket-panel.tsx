import { useEffect, useRef } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import type { AccountView, InstrumentView, OrderSide } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Check } from '../controls/check.tsx';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { Segmented } from '../controls/segmented.tsx';
import { Empty } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { displayName, quantityName, quantityUnit } from '../desk/instruments.ts';
import { useAccount, useConnected, useInstrument, useWindow } from '../desk/window-state.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { readTyped, trimZeros } from '../format/decimal-text.ts';
import { useSettings } from '../settings/settings.ts';
import {
  allowsPostOnly,
  needsPrice,
  needsTrigger,
  type DraftType,
  type FigureField,
  type TicketTimeInForce,
} from './draft.ts';
import { openReview, send } from './flow.ts';
import { AlgorithmButton } from './algorithm-button.tsx';
import { AlgorithmFields } from './algorithm-fields.tsx';
import { AlgorithmResult, AlgorithmReview } from './algorithm-review.tsx';
import { backToAlgorithm, reviewParent, startParent, useAlgorithm } from './algorithm-state.ts';
import { ContingentFields, TrailingFields } from './contingent-fields.tsx';
import { RiskSizeRow } from './risk-size-row.tsx';
import { useSecondPress } from './use-second-press.ts';
import { Notional } from './notional.tsx';
import { useDefaultQuantity } from './default-quantity.ts';
import { Result } from './result.tsx';
import { isRetyped, needsRetype } from './retype.ts';
import { RetypeField } from './retype-field.tsx';
import { Review } from './review.tsx';
import { backToEdit, clearForInstrument, edit, isLocked, useTicket, type Phase } from './ticket-state.ts';
import { Touch } from './touch.tsx';

const SIDES = [
  { value: 'buy', label: '▲ Buy', pressed: 'bg-buy text-on-side hover:bg-buy hover:text-on-side' },
  { value: 'sell', label: '▼ Sell', pressed: 'bg-sell text-on-side hover:bg-sell hover:text-on-side' },
] as const satisfies readonly { value: OrderSide; label: string; pressed: string }[];

const TYPES = [
  { value: 'limit', label: 'Limit' },
  { value: 'market', label: 'Market' },
  { value: 'stop', label: 'Stop' },
  { value: 'stop-limit', label: 'Stop limit' },
  { value: 'trailing-stop', label: 'Trailing' },
  { value: 'algorithm', label: 'Algorithm' },
] as const satisfies readonly { value: DraftType; label: string }[];

const LIVES = [
  { value: 'GTC', label: 'GTC', detail: 'until cancelled' },
  { value: 'DAY', label: 'DAY', detail: 'until the session ends' },
  { value: 'GTD', label: 'GTD', detail: 'until a time' },
  { value: 'IOC', label: 'IOC', detail: 'now, rest cancelled' },
  { value: 'FOK', label: 'FOK', detail: 'all now or nothing' },
] as const satisfies readonly { value: TicketTimeInForce; label: string; detail: string }[];

const EXITS = [
  {
    value: 'position',
    label: 'Exits of the position',
    title: 'One set for the whole position; it replaces the one there is',
  },
  { value: 'order', label: 'Bracket', title: 'Reduce-only exits of what this very order opens' },
] as const;

/** "BUY 0.5 BTC · PAPER": what the press does, in which account kind. */
function orderWords(side: OrderSide, quantity: string, instrument: InstrumentView, account: AccountView): string {
  const amount = readTyped(quantity);
  return `${side.toUpperCase()} ${amount === null ? '' : `${trimZeros(amount)} `}${quantityName(instrument)} · ${modeSuffix(account)}`;
}

/** Back to editing when the engine no longer stands by the review. */
function useReviewExpiry(phase: Phase): void {
  const expiresAt = phase.name === 'review' ? phase.review.preview.reviewExpiresAt : null;
  const now = useWindow((state) => state.status?.now ?? 0);
  useEffect(() => {
    if (expiresAt !== null && now > expiresAt) backToEdit();
  }, [expiresAt, now]);
}

function PrimaryButton({
  account,
  instrument,
}: {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
}) {
  const desk = useDesk();
  const connected = useConnected();
  const { draft, phase } = useTicket();
  const ready = useSecondPress(phase.name === 'review' ? phase.review.openedAt : null);
  const retyped = useTicket(
    (state) =>
      state.phase.name !== 'review' || !needsRetype(state.phase.review) || isRetyped(state.phase.review, state.retyped),
  );
  const button = useRef<HTMLButtonElement>(null);
  const words = orderWords(draft.side, draft.quantity, instrument, account);
  const verdict = phase.name === 'review' ? phase.review.preview.verdict : null;

  // With warnings the focus stays away from the button: a habitual Enter must not wave them through.
  useEffect(() => {
    if (verdict === 'allow' && useSettings.getState().confirmTicket === 'review') button.current?.focus();
  }, [verdict]);

  if (phase.name === 'review' && verdict === 'block') {
    return (
      <Button size="large" className="w-full" onClick={backToEdit}>
        Change the order
      </Button>
    );
  }
  const inReview = phase.name === 'review';
  const busy = phase.name === 'reviewing' ? 'Asking for the review…' : phase.name === 'sending' ? 'Sending…' : null;
  const reviewed = inReview
    ? orderWords(phase.review.ticket.side, phase.review.preview.quantity, instrument, account)
    : words;
  return (
    <div className="flex gap-2">
      {inReview ? (
        <Button size="large" onClick={backToEdit}>
          Back
        </Button>
      ) : null}
      <Button
        ref={button}
        data-testid="primary"
        tone={draft.side === 'buy' ? 'buy' : 'sell'}
        size="large"
        className="min-w-0 flex-1"
        disabled={!connected || busy !== null || phase.name === 'unknown'}
        aria-disabled={inReview && !(ready && retyped)}
        onKeyDown={(event) => {
          // A held key is one press.
          if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
        }}
        onClick={() => {
          if (inReview) send(desk);
          else void openReview(desk, account.id, instrument);
        }}
      >
        <span className="truncate">
          {busy ?? (phase.name === 'unknown' ? 'UNKNOWN: checking' : inReview ? reviewed : `Review ${words}`)}
        </span>
      </Button>
    </div>
  );
}

function Fields({ account, instrument }: { readonly account: AccountView; readonly instrument: InstrumentView }) {
  const desk = useDesk();
  const { draft, problems, phase } = useTicket();
  const parent = useAlgorithm();
  const isAlgorithm = draft.type === 'algorithm';
  const locked = isLocked(phase) || parent.phase.name === 'sending' || parent.phase.name === 'unknown';
  const unit = instrument.quote;
  const onEnter = (event: React.KeyboardEvent) => {
    if (event.key !== 'Enter' || event.repeat || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (isAlgorithm) void reviewParent(desk, account.id, instrument);
    else if (phase.name !== 'review') void openReview(desk, account.id, instrument);
  };
  const field = (name: FigureField) => ({
    value: draft[name],
    onChange: (value: string) => edit({ [name]: value }),
    problem: (isAlgorithm ? parent.problems[name] : problems[name]) ?? null,
    disabled: locked,
    onKeyDown: onEnter,
  });
  return (
    <>
      <Segmented
        label="Side"
        value={draft.side}
        segments={SIDES}
        size="large"
        stretch
        disabled={locked}
        onChange={(side) => edit({ side })}
      />
      <Segmented
        label="Order type"
        value={draft.type}
        segments={TYPES}
        stretch
        columns={3}
        disabled={locked}
        onChange={(type) => edit({ type })}
      />
      <div className="grid grid-cols-2 items-end gap-2">
        <Field id="ticket-quantity" label="Quantity" unit={quantityUnit(instrument)} large {...field('quantity')} />
        <div className="flex min-w-0 flex-col items-end gap-1">
          <span className="text-2xs font-medium text-ink-2">Notional, {unit}</span>
          <div className="flex h-9 min-w-0 max-w-full items-center">
            <Notional draft={draft} instrument={instrument} />
          </div>
        </div>
      </div>
      {needsPrice(draft.type) || needsTrigger(draft.type) || isAlgorithm ? (
        <div className="grid grid-cols-2 gap-2">
          {needsTrigger(draft.type) ? <Field label="Stop price" unit={unit} {...field('trigger')} /> : null}
          {needsPrice(draft.type) || isAlgorithm ? (
            <Field
              label={isAlgorithm ? 'Worst price' : 'Limit price'}
              unit={unit}
              placeholder={isAlgorithm ? 'any' : ''}
              {...field('price')}
              trailing={
                <button
                  type="button"
                  disabled={locked}
                  className="h-4 text-2xs text-accent hover:underline"
                  title="Use the best price of the other side"
                  onClick={() => {
                    const quote = desk.quotes.get(instrument.id);
                    const touch = draft.side === 'buy' ? quote?.ask : quote?.bid;
                    if (touch) edit({ price: touch });
                  }}
                >
                  touch
                </button>
              }
            />
          ) : null}
        </div>
      ) : null}
      {draft.type === 'trailing-stop' ? (
        <TrailingFields draft={draft} instrument={instrument} locked={locked} field={field} />
      ) : null}
      {isAlgorithm ? <AlgorithmFields instrument={instrument} onEnter={onEnter} /> : null}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {isAlgorithm ? null : (
          <>
            <Choice
              label="Time in force"
              value={draft.timeInForce}
              options={LIVES}
              disabled={locked}
              onChange={(timeInForce) => edit({ timeInForce })}
              className="w-20"
            />
            <Check
              label="Post-only"
              title="Refused instead of taking liquidity"
              checked={draft.postOnly && allowsPostOnly(draft)}
              disabled={locked || !allowsPostOnly(draft)}
              onChange={(postOnly) => edit({ postOnly })}
            />
          </>
        )}
        <Check
          label="Reduce-only"
          title="Only ever makes the position smaller"
          checked={draft.reduceOnly}
          disabled={locked}
          onChange={(reduceOnly) => edit({ reduceOnly })}
        />
      </div>
      {draft.timeInForce === 'GTD' && !isAlgorithm ? (
        <Field
          label="Until (time of this computer)"
          type="datetime-local"
          value={draft.expireAt}
          onChange={(expireAt) => edit({ expireAt })}
          problem={problems.expireAt ?? null}
          disabled={locked}
        />
      ) : null}
      {isAlgorithm ? null : (
        <>
          {draft.reduceOnly ? null : (
            <>
              <div className="grid grid-cols-3 gap-2">
                <Field label="Stop-loss" placeholder="none" {...field('stopLoss')} />
                <Field label="Take-profit" placeholder="none" {...field('takeProfit')} />
                <Field label="Trail by" placeholder="none" {...field('trailing')} />
              </div>
              {draft.stopLoss + draft.takeProfit + draft.trailing === '' ? null : (
                <Segmented
                  label="Exits belong to"
                  value={draft.exits}
                  segments={EXITS}
                  stretch
                  disabled={locked}
                  onChange={(exits) => edit({ exits })}
                />
              )}
              <RiskSizeRow draft={draft} account={account} instrument={instrument} disabled={locked} />
            </>
          )}
          <ContingentFields draft={draft} instrument={instrument} locked={locked} field={field} account={account.id} />
        </>
      )}
    </>
  );
}

function Ticket({ account, instrument }: { readonly account: AccountView; readonly instrument: InstrumentView }) {
  const desk = useDesk();
  const phase = useTicket((state) => state.phase);
  // The review takes the place of the fields: verdict and figures are whole in sight before the second press.
  const reviewed =
    phase.name === 'review' || phase.name === 'sending' || phase.name === 'unknown' ? phase.review : null;
  const isAlgorithm = useTicket((state) => state.draft.type === 'algorithm');
  const parentPhase = useAlgorithm((state) => state.phase);
  const parentReview =
    parentPhase.name === 'review' || parentPhase.name === 'sending' || parentPhase.name === 'unknown'
      ? parentPhase.review
      : null;
  useReviewExpiry(phase);

  // A review under another trading state says nothing about this one.
  const trading = useWindow((state) => state.risk?.state ?? null);
  useEffect(
    () => () => {
      backToEdit();
      backToAlgorithm();
    },
    [trading],
  );

  // Another instrument or account ends the review and drops prices of the old one.
  const about = `${account.id} ${instrument.id}`;
  const before = useRef(about);
  useEffect(() => {
    if (before.current === about) return;
    before.current = about;
    clearForInstrument();
  }, [about]);
  useDefaultQuantity(instrument);
  const words = useTicket((state) => orderWords(state.draft.side, state.draft.quantity, instrument, account));

  useHotkeys(
    'mod+enter',
    (event) => {
      if (event.repeat) return;
      if (useTicket.getState().draft.type === 'algorithm') {
        if (useAlgorithm.getState().phase.name === 'review') startParent(desk);
        else void reviewParent(desk, account.id, instrument);
      } else if (useTicket.getState().phase.name === 'review') send(desk);
      else void openReview(desk, account.id, instrument);
    },
    { enableOnFormTags: true, preventDefault: true },
  );

  return (
    <div className="flex h-full flex-col">
      <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto p-2 *:shrink-0">
        <div className="flex items-baseline justify-between gap-2">
          <h2 className="truncate text-base font-semibold">{displayName(instrument)}</h2>
          <span className="shrink-0 text-2xs text-ink-2">
            {instrument.venue.toUpperCase()} · tick {instrument.tick} · step {instrument.step}
          </span>
        </div>
        <Touch instrument={instrument} />
        {isAlgorithm && parentReview !== null ? (
          <AlgorithmReview review={parentReview} account={account} instrument={instrument} />
        ) : reviewed === null ? (
          <Fields account={account} instrument={instrument} />
        ) : (
          <>
            <Review review={reviewed} account={account} instrument={instrument} />
            {phase.name === 'review' ? <RetypeField review={reviewed} instrument={instrument} /> : null}
          </>
        )}
        {isAlgorithm ? <AlgorithmResult /> : <Result />}
      </div>
      <div className="shrink-0 border-t border-line p-2">
        {isAlgorithm ? (
          <AlgorithmButton account={account} instrument={instrument} words={words} />
        ) : (
          <PrimaryButton account={account} instrument={instrument} />
        )}
      </div>
    </div>
  );
}

export function TicketPanel() {
  const account = useAccount();
  const instrument = useInstrument();
  if (account === null || instrument === null) {
    return <Empty title="No ticket yet" hint="It opens when an account and an instrument are known." />;
  }
  return <Ticket account={account} instrument={instrument} />;
}
