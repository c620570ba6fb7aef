import type { ReactNode } from 'react';
import type { OrderMoment, OrderView } from '../../../src/contract/types.ts';
import { currencyName, moneyText, nameOf, priceText, quantityText } from '../../blotter/cells.ts';
import { useAnswer } from '../../connection/use-answer.ts';
import { Answered } from '../../controls/answered.tsx';
import { Button } from '../../controls/button.tsx';
import { cx } from '../../controls/cx.ts';
import { useDesk } from '../../desk/desk.ts';
import { isWorking, statusWord, typeWord } from '../../desk/order-kind.ts';
import { useConnected, useWindow } from '../../desk/window-state.ts';
import { age, bothZones, stampOf } from '../../format/time.ts';
import { useRow } from '../../market/use-row.ts';
import { cancelOrder } from '../../orders/commands.ts';
import { useSettings } from '../../settings/settings.ts';

const DONE_BADLY = new Set(['DENIED', 'REJECTED']);

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex justify-between gap-3 border-t border-line py-1">
      <dt className="shrink-0 text-ink-2">{name}</dt>
      <dd className="min-w-0 text-right break-words">{children}</dd>
    </div>
  );
}

function Facts({ order }: { readonly order: OrderView }) {
  const account = useWindow((state) => state.accounts.find(({ id }) => id === order.account));
  const { instrument } = order;
  const lives = [order.timeInForce, order.postOnly ? 'post-only' : '', order.reduceOnly ? 'reduce-only' : '']
    .filter((part) => part !== '')
    .join(', ');
  return (
    <dl>
      <Fact name="Account">
        {account?.name ?? order.account} · {order.accountKind === 'paper' ? 'PAPER' : 'LIVE'}
      </Fact>
      <Fact name="Filled">
        {quantityText(instrument, order.filled)} of {quantityText(instrument, order.quantity)}
        {order.averagePrice === null ? '' : ` at ${priceText(instrument, order.averagePrice)}`}
      </Fact>
      {order.price === null ? null : <Fact name="Limit">{priceText(instrument, order.price)}</Fact>}
      {order.trigger === null ? null : <Fact name="Stop">{priceText(instrument, order.trigger)}</Fact>}
      <Fact name="Lives">{lives}</Fact>
      <Fact name={`Fees, ${currencyName(instrument)}`}>{moneyText(instrument, order.fees)}</Fact>
      <Fact name="Source">{order.strategy ?? order.source}</Fact>
      {order.parent === null ? null : <Fact name="Part of">{order.parent}</Fact>}
      {order.note === null ? null : <Fact name="Note">{order.note}</Fact>}
      <Fact name="Our id">{order.id}</Fact>
      <Fact name="Venue id">{order.venueOrderId ?? 'none'}</Fact>
    </dl>
  );
}

/** What the venue or risk said, in words, with the code beside it. */
function Verdict({ order }: { readonly order: OrderView }) {
  if (order.reason === null && order.status !== 'UNKNOWN') return null;
  return (
    <p className={cx('border-l-2 pl-2', DONE_BADLY.has(order.status) ? 'border-halt' : 'border-warn')}>
      <span className="font-semibold">
        {order.status === 'DENIED' ? 'Risk: ' : ''}
        {order.status === 'UNKNOWN' ? 'Sent, outcome not known. It may be in the market. ' : ''}
      </span>
      {order.reason}
      {order.reasonCode === null ? null : <span className="block text-2xs text-ink-2">{order.reasonCode}</span>}
    </p>
  );
}

function Timeline({ moments }: { readonly moments: readonly OrderMoment[] }) {
  const zone = useSettings((settings) => settings.zone);
  return (
    <ol aria-label="What happened" className="flex flex-col">
      {moments.map((moment, index) => {
        const before = moments[index - 1];
        const resolved = before?.status === 'UNKNOWN' && moment.status !== 'UNKNOWN';
        return (
          <li
            key={`${moment.at}/${moment.event}/${moment.fill?.tradeId ?? index}`}
            className="grid grid-cols-[9px_minmax(0,1fr)_auto] gap-x-2 pb-2"
          >
            <span
              aria-hidden
              className={cx(
                'mt-1.5 size-[9px] rounded-full border',
                moment.status === 'UNKNOWN'
                  ? 'border-warn bg-warn'
                  : DONE_BADLY.has(moment.status)
                    ? 'border-halt bg-halt'
                    : 'border-accent bg-accent',
              )}
            />
            <div className="min-w-0">
              <p className="font-semibold">
                <span className={moment.status === 'UNKNOWN' ? 'text-warn' : ''}>{statusWord(moment.status)}</span>
                <span className="font-normal text-ink-2">
                  {' '}
                  · {moment.event}
                  {resolved ? ' · resolved' : ''}
                </span>
              </p>
              {moment.fill === null ? null : (
                <p>
                  {quantityText(moment.fill.instrument, moment.fill.quantity)} at{' '}
                  {priceText(moment.fill.instrument, moment.fill.price)} · {moment.fill.liquidity} · fee{' '}
                  {moneyText(moment.fill.instrument, moment.fill.fee)}
                </p>
              )}
              {moment.sentence === null ? null : <p className="break-words text-ink-2">{moment.sentence}</p>}
            </div>
            <div className="text-right whitespace-nowrap text-ink-2" title={bothZones(moment.at)}>
              {stampOf(moment.at, zone).slice(11)}
              {index === 0 ? null : <span className="block text-2xs">+{age(moment.elapsedMs)}</span>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** How well a closed order was executed, once the engine has judged it. */
function Cost({ order }: { readonly order: OrderView }) {
  const answer = useAnswer(
    `cost ${order.id}`,
    (client, options) => client.analytics.order({ order: order.id }, options),
    order.updatedAt,
  );
  const costs = answer.value?.costs ?? null;
  if (costs === null) return null;
  const { instrument } = order;
  return (
    <section aria-label="Cost of execution">
      <h4 className="pb-1 font-semibold">Cost against the decision, {currencyName(instrument)}</h4>
      <dl>
        <Fact name="Delay · trading">
          {moneyText(instrument, costs.delay, true)} · {moneyText(instrument, costs.trading, true)}
        </Fact>
        <Fact name="Not filled · fees">
          {moneyText(instrument, costs.opportunity, true)} · {moneyText(instrument, costs.fees, true)}
        </Fact>
        <Fact name="In all">
          <span className="font-semibold">{moneyText(instrument, costs.total, true)}</span>
        </Fact>
      </dl>
    </section>
  );
}

/** One order in full beside the table: facts, verdict, and every moment of it. */
export function OrderDetail({ orderId, onClose }: { readonly orderId: string; readonly onClose: () => void }) {
  const desk = useDesk();
  const connected = useConnected();
  const working = useRow(desk.working, orderId);
  const closed = useRow(desk.history, orderId);
  const live = working ?? closed;
  const answer = useAnswer(
    `timeline ${orderId}`,
    (client, options) => client.orders.timeline({ id: orderId }, options),
    live?.updatedAt ?? 0,
  );
  const order = live ?? answer.value?.order;
  return (
    <aside aria-label="Order in detail" className="flex h-full min-h-0 flex-col bg-panel">
      <header className="flex min-h-9 shrink-0 items-center justify-between gap-2 border-b border-line px-3">
        <h3 className="truncate font-semibold">
          {order === undefined
            ? orderId
            : `${order.side === 'buy' ? '▲ Buy' : '▼ Sell'} ${quantityText(order.instrument, order.quantity)} ${nameOf(order.instrument)} ${typeWord(order.type).toLowerCase()}`}
        </h3>
        <span className="flex shrink-0 items-center gap-2">
          {order !== undefined && isWorking(order) ? (
            <Button size="small" disabled={!connected} onClick={() => void cancelOrder(desk, order)}>
              Cancel order
            </Button>
          ) : null}
          <Button size="small" tone="quiet" aria-label="Close the detail" onClick={onClose}>
            ✕
          </Button>
        </span>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div
        className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3"
        tabIndex={0}
        role="region"
        aria-label="Detail"
      >
        {order === undefined ? null : (
          <>
            <p className="text-base font-semibold">{statusWord(order.status)}</p>
            <Verdict order={order} />
            <Facts order={order} />
          </>
        )}
        <section aria-label="Timeline">
          <h4 className="pb-1 font-semibold">What happened</h4>
          <Answered answer={answer} what="the history of the order">
            {({ moments }) => <Timeline moments={moments} />}
          </Answered>
        </section>
        {order === undefined || isWorking(order) ? null : <Cost key={order.id} order={order} />}
      </div>
    </aside>
  );
}
