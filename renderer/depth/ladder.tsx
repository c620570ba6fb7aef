import { useEffect, useRef, useState } from 'react';
import type { AccountView, InstrumentView } from '../../src/contract/types.ts';
import { focusTicket } from '../app/focus.ts';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useDesk } from '../desk/desk.ts';
import { displayName, quantityName } from '../desk/instruments.ts';
import { useWindow } from '../desk/window-state.ts';
import { openDialog } from '../dialogs/dialog-state.ts';
import { figures } from '../format/money.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { cancelOrder, modifyOrder } from '../orders/commands.ts';
import { edit } from '../ticket/ticket-state.ts';
import { clickBlocker, depthDoubt } from './arming.ts';
import { ClickStatus } from './click-status.tsx';
import { LadderBar } from './ladder-bar.tsx';
import { LadderModel } from './ladder-model.ts';
import { LadderPointer } from './ladder-pointer.ts';
import { LADDER_ROW_PX, LadderView } from './ladder-view.ts';
import { sendOneClick, type ClickResult } from './one-click.ts';
import { restingPrice } from './own-orders.ts';
import { useArming } from './use-arming.ts';

const BOOK_MS = 100;
const BOOK_LEVELS = 100;
/** A press within this time after the rows moved was aimed at what stood there before. */
const AFTER_MOVE_MS = 600;

interface LadderProps {
  readonly account: AccountView;
  readonly instrument: InstrumentView;
  readonly multiple: number | null;
  readonly size: string | null;
  readonly onMultiple: (multiple: number | null) => void;
}

export function Ladder({ account, instrument, multiple, size, onMultiple }: LadderProps) {
  const desk = useDesk();
  const panel = useRef<HTMLDivElement>(null);
  const host = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const hint = useRef<HTMLParagraphElement>(null);
  const model = useRef<LadderModel | null>(null);
  const pointer = useRef<LadderPointer | null>(null);
  const [state, setState] = useState<'loading' | 'empty' | 'book'>('loading');
  const [problem, setProblem] = useState<string | null>(null);
  const [doubt, setDoubt] = useState<string | null>(null);
  const [closed, setClosed] = useState(false);
  const [result, setResult] = useState<ClickResult | null>(null);
  const [refusedAt, setRefusedAt] = useState<{ readonly side: 'buy' | 'sell'; readonly price: string } | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [spoken, setSpoken] = useState('');
  const pending = useRef(new Set<string>());

  const facts = () => {
    const { connection, frozen, risk, accounts } = useWindow.getState();
    return {
      connected: connection.phase === 'open',
      frozen,
      // Armed or not is asked of the newest account, not of the one this panel was drawn with.
      account: accounts.find((each) => each.id === account.id) ?? account,
      risk,
      book: model.current?.book ?? null,
      quote: desk.quotes.get(instrument.id),
      size,
      now: performance.now(),
    };
  };
  const arming = useArming(
    panel,
    () => clickBlocker(facts()),
    (reason) => setNote(`Disarmed: ${reason}.`),
  );
  const { armed, mayClick, disarm } = arming;

  const priceText = (price: string) => figures(price, { currency: instrument.quote, digits: instrument.priceDigits });

  const press = (side: 'buy' | 'sell', row: number | null) => {
    const price = row === null ? null : (model.current?.rows.priceOf(row) ?? null);
    if (!mayClick() || size === null) {
      setNote('Disarmed: nothing was sent. Hold the padlock to arm clicks.');
      return;
    }
    if (row !== null && performance.now() - (model.current?.movedAt ?? 0) < AFTER_MOVE_MS) {
      setNote('The rows had just moved: nothing was sent. Press again.');
      return;
    }
    const place = `${side} ${price ?? 'market'}`;
    if (pending.current.has(place)) return;
    pending.current.add(place);
    setNote(null);
    setRefusedAt(price === null ? null : { side, price });
    const words = `${side.toUpperCase()} ${size} ${quantityName(instrument)} ${price === null ? 'at market' : `@ ${priceText(price)}`} · ${modeSuffix(account)}`;
    const ticket = {
      account: account.id,
      instrument: instrument.id,
      side,
      type: price === null ? ('market' as const) : ('limit' as const),
      quantity: size,
      price,
      trigger: null,
      timeInForce: 'GTC' as const,
      postOnly: false,
      reduceOnly: false,
      stopLoss: null,
      takeProfit: null,
      trailing: null,
    };
    void sendOneClick(desk, ticket, words, (next) => {
      setResult(next);
      setNote(null);
      if (next.kind === 'unknown') disarm('the answer to an order is missing');
      if (next.kind !== 'sending' && next.kind !== 'unknown') pending.current.delete(place);
    });
  };

  const cancelAt = (side: 'buy' | 'sell', row: number) => {
    for (const order of model.current?.ownAt(side, row) ?? []) void cancelOrder(desk, order);
  };

  /** Armed, a drag moves the order at once; disarmed, it asks first like a drag on the chart. */
  const moveOrders = (side: 'buy' | 'sell', from: number, to: number) => {
    const price = model.current?.rows.priceOf(to);
    const orders = model.current?.ownAt(side, from) ?? [];
    const [first] = orders;
    if (price === undefined || first === undefined) return;
    if (!mayClick()) {
      const field = restingPrice(first)?.field;
      if (depthDoubt(facts()) !== null) setNote('The depth is stale: orders are not moved by dragging now.');
      else if (orders.length > 1) setNote('Several orders stand here: arm the ladder to move them together.');
      else if (field !== undefined) openDialog({ kind: 'modify', order: first, field, to: price });
      return;
    }
    for (const order of orders) {
      const resting = restingPrice(order);
      if (resting === null) continue;
      setNote(`Moving ${order.side} ${order.remaining} to ${priceText(price)}`);
      void modifyOrder(desk, order.id, { [resting.field]: price }).then((sentence) =>
        setNote(
          sentence === null
            ? `Moved ${order.side} ${order.remaining} to ${priceText(price)}`
            : `Not moved: ${sentence}`,
        ),
      );
    }
  };

  const actions = useRef({ press, cancelAt, moveOrders });
  const armedNow = useRef(armed);
  useEffect(() => {
    actions.current = { press, cancelAt, moveOrders };
    armedNow.current = armed;
  });

  const firstMultiple = useRef(multiple);
  useEffect(() => {
    const element = host.current;
    if (element === null || body.current === null) return undefined;
    const view = new LadderView(body.current, instrument);
    const created = new LadderModel(desk, account, instrument, firstMultiple.current, view, {
      still: () =>
        pointer.current?.dragging === true
          ? 'drag'
          : armedNow.current && pointer.current?.inside === true
            ? 'aim'
            : 'no',
      onTouch: (at) => {
        const words = hint.current;
        if (words === null) return;
        words.hidden = at === 'in sight';
        words.dataset['at'] = at;
        words.textContent = at === 'above' ? '▲ The touch is above: C centres' : '▼ The touch is below: C centres';
      },
    });
    const mouse = new LadderPointer(element, view, {
      onPrice: (side, row) => actions.current.press(side, row),
      onCancel: (side, row) => actions.current.cancelAt(side, row),
      onMove: (side, from, to) => actions.current.moveOrders(side, from, to),
      onWheel: (rows) => created.scroll(rows),
    });
    model.current = created;
    pointer.current = mouse;
    const observer = new ResizeObserver(() =>
      created.setHeight(Math.max(0, Math.floor((element.clientHeight - 24) / LADDER_ROW_PX))),
    );
    observer.observe(element);
    const replan = () => created.plan();
    const off = [
      desk.working.subscribe(replan),
      desk.positions.subscribe(replan),
      useWindow.subscribe((next, before) => {
        if (next.frozen !== before.frozen) replan();
      }),
      desk.connection.follow(
        (client, options) =>
          client.market.book({ instrument: instrument.id, depth: BOOK_LEVELS, intervalMs: BOOK_MS }, options),
        (book) => {
          created.take(book);
          setState(book.bids.length + book.asks.length === 0 ? 'empty' : 'book');
        },
        setProblem,
      ),
    ];
    return () => {
      for (const stop of off) stop();
      observer.disconnect();
      mouse.destroy();
      created.destroy();
      view.setCount(0);
      model.current = null;
      pointer.current = null;
    };
  }, [desk, account, instrument]);

  useEffect(() => model.current?.setMultiple(multiple), [multiple]);

  useEffect(() => {
    const read = () => {
      const { connection } = useWindow.getState();
      setClosed(desk.quotes.get(instrument.id)?.state === 'closed');
      setDoubt(
        depthDoubt({
          connected: connection.phase === 'open',
          book: model.current?.book ?? null,
          quote: desk.quotes.get(instrument.id),
          now: performance.now(),
        }),
      );
    };
    read();
    const timer = setInterval(read, 250);
    return () => clearInterval(timer);
  }, [desk, instrument]);

  const say = (row: number | null) => {
    if (row === null || model.current === null) return;
    const { bid, ask } = model.current.sizesAt(row);
    const sizes = [bid === null ? '' : `bid ${bid}`, ask === null ? '' : `ask ${ask}`].filter((text) => text !== '');
    setSpoken(`${priceText(model.current.rows.priceOf(row))} ${sizes.join(', ')}`);
  };

  /** Shift with the letter, so that B and S go on opening the ticket. A held key is one press. */
  const onKeyDown = (event: React.KeyboardEvent) => {
    const key = event.key.toLowerCase();
    const ladder = model.current;
    if (ladder === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((host.current?.clientHeight ?? 240) / LADDER_ROW_PX) - 2);
    const moves: Readonly<Record<string, number>> = { arrowup: 1, arrowdown: -1, pageup: page, pagedown: -page };
    const by = moves[key];
    if (by !== undefined) say(ladder.moveCursor(by));
    else if (key === 'c' && !event.shiftKey) ladder.centre();
    else if (event.shiftKey && (key === 'b' || key === 's')) {
      if (!event.repeat && ladder.cursor !== null) press(key === 'b' ? 'buy' : 'sell', ladder.cursor);
    } else if (key === 'delete' && ladder.cursor !== null) {
      if (!event.repeat) (['buy', 'sell'] as const).forEach((side) => cancelAt(side, ladder.cursor ?? 0));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const name = displayName(instrument);
  const refused = result?.kind === 'refused' && refusedAt !== null ? refusedAt : null;
  return (
    <div ref={panel} className="flex h-full flex-col">
      <LadderBar
        account={account}
        instrument={instrument}
        arming={arming}
        size={size}
        multiple={multiple}
        onMultiple={onMultiple}
        onCentre={() => model.current?.centre()}
        onMarket={(side) => press(side, null)}
      >
        <div
          ref={host}
          role="group"
          aria-label={`Price ladder of ${name}. Arrow keys move the price, C centres, Shift B buys and Shift S sells there when armed, Delete cancels.`}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keys above work on it
          tabIndex={0}
          data-armed={armed}
          onKeyDown={onKeyDown}
          className="ladder-host relative min-h-0 flex-1 overflow-hidden outline-offset-[-2px]"
        >
          {problem !== null && state !== 'book' ? (
            <Failed what="Depth cannot be read" stillSafe={problem} />
          ) : state !== 'book' && closed ? (
            <Empty title="The market is closed" hint={`${name} has no order book until it opens.`} />
          ) : state === 'loading' ? (
            <Loading what="the order book" />
          ) : state === 'empty' ? (
            <Empty title="No order book" hint={`${name} has no depth from its feed now.`} />
          ) : null}
          <table
            hidden={state !== 'book'}
            aria-label={`Order book of ${name}`}
            className="ladder w-full table-fixed border-collapse"
          >
            <colgroup>
              <col className="w-[54px]" />
              <col />
              <col className="w-[78px]" />
              <col />
              <col className="w-[54px]" />
            </colgroup>
            <thead className="h-6 text-2xs text-ink-2">
              <tr>
                <th className="font-semibold">Mine</th>
                <th className="pr-1.5 text-right font-semibold">Bid</th>
                <th className="text-center font-semibold">Price</th>
                <th className="pl-1.5 text-left font-semibold">Ask</th>
                <th className="font-semibold">Mine</th>
              </tr>
            </thead>
            <tbody ref={body} />
          </table>
          <p
            ref={hint}
            hidden
            className="pointer-events-none absolute left-1/2 -translate-x-1/2 rounded-sm border border-accent bg-panel px-2 py-0.5 text-2xs font-semibold whitespace-nowrap text-ink data-[at=above]:top-7 data-[at=below]:bottom-1"
          />
          {doubt === null || state !== 'book' ? null : (
            <div
              data-testid="depth-doubt"
              className="stale-hatch absolute inset-0 top-6 flex items-center justify-center bg-panel/70"
            >
              <span className="rounded-sm border border-stale bg-panel px-2 py-1 font-semibold text-ink">{doubt}</span>
            </div>
          )}
        </div>
      </LadderBar>
      <p className="sr-only" aria-live="polite">
        {spoken}
      </p>
      <ClickStatus
        result={result}
        note={note}
        onTicket={
          refused === null
            ? null
            : () => {
                edit({ type: 'limit', price: refused.price, quantity: size ?? '' });
                focusTicket(refused.side);
              }
        }
      />
    </div>
  );
}
