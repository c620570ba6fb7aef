import { useState, type ReactNode } from 'react';
import type { AccountView, InstrumentView, LimitUse, OrderPreview, RiskCheckView } from '../../src/contract/types.ts';
import { cx } from '../controls/cx.ts';
import { typeWord } from '../desk/order-kind.ts';
import { quantityName } from '../desk/instruments.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { compare, trimZeros } from '../format/decimal-text.ts';
import { figures, money } from '../format/money.ts';
import { age, bothZones } from '../format/time.ts';
import { BlockReason } from './block-reason.tsx';
import { linkLines } from './link-words.ts';
import type { Review as ReviewState } from './ticket-state.ts';

const MOST_WARNINGS = 3;

export function Row({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="text-ink-2">{name}</dt>
      <dd className="text-right">{children}</dd>
    </div>
  );
}

/** "max-position-notional" or "maxPositionNotional" as words. */
function words(name: string): string {
  const text = name
    .replaceAll(/[-_]/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function LimitLine({ use, currency }: { readonly use: LimitUse; readonly currency: string }) {
  const share = use.utilisation;
  const show = (text: string) =>
    figures(text, { currency, digits: text.includes('.') && Math.abs(Number(text)) < 1_000 ? 2 : 0 });
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex justify-between gap-2">
        <span className="truncate text-ink-2">{words(use.name)}</span>
        <span
          className={cx('shrink-0', share >= 1 ? 'font-semibold text-halt' : share >= 0.8 ? 'text-warn' : 'text-ink')}
        >
          {show(use.before)} → {show(use.after)} / {show(use.limit)} · {Math.round(share * 100)} %
        </span>
      </div>
      <span className="h-1 overflow-hidden rounded-sm bg-canvas" aria-hidden>
        <span
          className={cx('block h-full', share >= 1 ? 'halt-hatch' : share >= 0.8 ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }}
        />
      </span>
    </li>
  );
}

export function Blocks({ checks }: { readonly checks: readonly RiskCheckView[] }) {
  return (
    <div role="alert" className="halt-hatch flex flex-col gap-1 rounded-sm p-2">
      <p className="text-sm font-bold">BLOCKED</p>
      {checks.map((check) => (
        <BlockReason key={check.code} check={check} />
      ))}
    </div>
  );
}

export function Warnings({ checks }: { readonly checks: readonly RiskCheckView[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? checks : checks.slice(0, MOST_WARNINGS);
  const more = checks.length - shown.length;
  return (
    <div role="alert" className="flex flex-col gap-1 rounded-sm border border-warn p-2">
      <p className="font-semibold text-warn">
        ▲ {checks.length} {checks.length === 1 ? 'warning' : 'warnings'}
      </p>
      {shown.map((check) => (
        <p key={check.code}>{check.sentence}</p>
      ))}
      {more > 0 ? (
        <button type="button" className="h-6 self-start text-accent underline" onClick={() => setAll(true)}>
          +{more} more
        </button>
      ) : null}
    </div>
  );
}

function Costs({ preview, instrument }: { readonly preview: OrderPreview; readonly instrument: InstrumentView }) {
  const currency = instrument.quote;
  const { estimate } = preview;
  const amount = (text: string | null) => (text === null ? 'not known' : money(text, currency));
  return (
    <>
      <Row name="Notional">
        <span className="text-sm font-semibold">{amount(preview.notional)}</span>
      </Row>
      <Row name="Fee">{amount(preview.fee)}</Row>
      {estimate === null ? null : (
        <Row name="Expected fill">
          {figures(estimate.averagePrice, { currency, digits: instrument.priceDigits })} · slippage{' '}
          {estimate.slippageBps.toFixed(1)} bp · {estimate.levels} {estimate.levels === 1 ? 'level' : 'levels'}
        </Row>
      )}
      {preview.maxLoss === null ? null : <Row name="Loss if stopped">{amount(preview.maxLoss)}</Row>}
      {preview.cashAfter === null ? null : <Row name="Cash after">{amount(preview.cashAfter)}</Row>}
      {preview.marginAfter === null ? null : <Row name="Margin after">{amount(preview.marginAfter)}</Row>}
    </>
  );
}

interface ReviewProps {
  readonly review: ReviewState;
  readonly account: AccountView;
  readonly instrument: InstrumentView;
}

/** The order in full, what it costs, what it does to each limit, and the verdict. In the ticket, not over it. */
export function Review({ review, account, instrument }: ReviewProps) {
  const { ticket, preview } = review;
  const currency = instrument.quote;
  const price = (text: string) => figures(text, { currency, digits: instrument.priceDigits });
  const blocks = preview.checks.filter((check) => check.severity === 'block');
  const warnings = preview.checks.filter((check) => check.severity === 'warn');
  const clamped = (compare(preview.quantity, ticket.quantity) ?? 0) !== 0 && preview.verdict !== 'block';
  const limits = [...preview.limits].sort((a, b) => b.utilisation - a.utilisation).slice(0, 5);
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
        {trimZeros(preview.quantity)} {quantityName(instrument)} {typeWord(ticket.type).toLowerCase()}
        {ticket.price ? ` at ${price(ticket.price)}` : ''}
        {ticket.trigger ? `, stop ${price(ticket.trigger)}` : ''}
      </p>
      {clamped ? <p className="text-warn">Reduced from {ticket.quantity} to the open position.</p> : null}
      {blocks.length > 0 ? <Blocks checks={blocks} /> : null}
      {warnings.length > 0 ? <Warnings checks={warnings} /> : null}
      <dl className="flex flex-col gap-0.5">
        <Row name="Account">
          {account.name} · {modeSuffix(account)}
        </Row>
        <Row name="Lives">
          {ticket.timeInForce}
          {ticket.expireAt ? ` until ${bothZones(ticket.expireAt)}` : ''}
          {ticket.postOnly ? ', post-only' : ''}
          {ticket.reduceOnly ? ', reduce-only' : ''}
        </Row>
        {ticket.stopLoss || ticket.takeProfit || ticket.trailing ? (
          <Row name="Exits">
            {[
              ticket.stopLoss ? `stop ${price(ticket.stopLoss)}` : '',
              ticket.takeProfit ? `target ${price(ticket.takeProfit)}` : '',
              ticket.trailing ? `trail ${price(ticket.trailing)}` : '',
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </Row>
        ) : null}
        {linkLines(ticket, price).map(([name, terms]) => (
          <Row key={name} name={name}>
            {terms}
          </Row>
        ))}
        <Costs preview={preview} instrument={instrument} />
      </dl>
      {limits.length === 0 ? null : (
        <ul className="flex flex-col gap-1" aria-label="Limits before and after">
          {limits.map((use) => (
            <LimitLine key={use.name} use={use} currency={currency} />
          ))}
        </ul>
      )}
      {preview.verdict === 'allow' ? <p className="text-ink-2">✓ All {preview.checks.length} checks passed</p> : null}
      {preview.priceAgeMs === null ? null : (
        <p className="text-2xs text-ink-2">Prices were {age(preview.priceAgeMs)} old</p>
      )}
    </section>
  );
}
