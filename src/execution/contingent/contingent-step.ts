import type { EpochMs } from '../../domain/units.ts';
import type { ContingentInput, OrderNews } from './contingent-input.ts';
import {
  type ContingentCommand,
  type ContingentContext,
  type ContingentState,
  EVERY_ACCOUNT,
  filledOf,
  type LinkedOrder,
  netKey,
} from './linked-order.ts';
import type { PriceNow } from './price-trigger.ts';
import { backoff, settle } from './settle.ts';
import { isWatching, watch, watchedInstrument } from './watch.ts';

export interface ContingentStep {
  readonly state: ContingentState;
  readonly commands: readonly ContingentCommand[];
}

const NO_COMMANDS: readonly ContingentCommand[] = [];

/** What follows from an input. Pure: the same state, input and context give the same step. */
export function contingentStep(
  state: ContingentState,
  input: ContingentInput,
  context: ContingentContext,
): ContingentStep {
  switch (input.kind) {
    case 'add':
      return settle(
        { ...state, nets: { ...state.nets, ...input.nets }, orders: [...state.orders, ...input.orders] },
        input.now,
        context,
      );
    case 'news': {
      const nets = { ...state.nets, [netKey(input.accountId, input.instrument)]: input.net };
      const news = new Map(input.orders.map((order) => [order.id, order]));
      const orders = state.orders.map((order) => {
        const told = order.orderId === null ? undefined : news.get(order.orderId);
        if (told === undefined) return order;
        const next = heard(order, told);
        return input.refused === told.id ? changeRefused(next, input.now) : next;
      });
      return settle({ ...state, nets, orders }, input.now, context);
    }
    case 'price':
      return onPrice(state, input.instrument, input.price, input.now, context);
    case 'time':
      return settle(state, input.now, context);
    case 'made':
      return {
        state: changed(state, input.name, (order) => made(order, input.order)),
        commands: NO_COMMANDS,
      };
    case 'refused':
      return { state: changed(state, input.name, (order) => failed(order, input.now)), commands: NO_COMMANDS };
    case 'drop':
      return settle(
        changed(state, input.name, (order) => ({ ...order, dropped: true })),
        input.now,
        context,
      );
    case 'moved': {
      const { price, trigger, quantity } = input;
      return settle(
        changed(state, input.name, (order) => {
          // An exit of a bracket goes with its entry: only its level is the user's.
          const whole = order.role === 'order' ? quantity : order.intent.quantity;
          const asked = { quantity, price, trigger };
          return { ...order, intent: { ...order.intent, price, trigger, quantity: whole }, price, trigger, asked };
        }),
        input.now,
        context,
      );
    }
    case 'join':
      return settle(
        changed(state, input.name, (order) => ({ ...order, group: input.group })),
        input.now,
        context,
      );
    case 'stand-down': {
      const accountId = input.accountId ?? EVERY_ACCOUNT;
      const others = input.accountId === null ? [] : state.stoodDown.filter((one) => one !== accountId);
      const stoodDown = input.on ? [...others, accountId] : others;
      return settle({ ...state, stoodDown }, input.now, context);
    }
  }
}

function changed(state: ContingentState, name: string, change: (order: LinkedOrder) => LinkedOrder): ContingentState {
  return { ...state, orders: state.orders.map((order) => (order.name === name ? change(order) : order)) };
}

function heard(order: LinkedOrder, { status, quantity, filled, price, trigger }: OrderNews): LinkedOrder {
  if (
    order.status === status &&
    order.quantity === quantity &&
    order.filled === filled &&
    order.price === price &&
    order.trigger === trigger
  ) {
    return order;
  }
  return { ...order, status, quantity, filled, price, trigger };
}

/** The venue or risk may grant less than asked: then less is what an order on its own is about. */
function made(order: LinkedOrder, news: OrderNews): LinkedOrder {
  const next = heard({ ...order, orderId: news.id }, news);
  const alone = order.role === 'order' && order.parent === null && order.attempt === 1;
  if (!alone) return next;
  const { quantity } = news;
  return { ...next, intent: { ...order.intent, quantity }, asked: { ...order.asked, quantity } };
}

/** It works on with the terms it had; the change is asked for again later. */
function changeRefused(order: LinkedOrder, now: EpochMs): LinkedOrder {
  const { quantity, price, trigger } = order;
  return { ...failed(order, now), asked: { quantity, price, trigger }, withdrawn: false };
}

function failed(order: LinkedOrder, now: EpochMs): LinkedOrder {
  const failures = order.failures + 1;
  // An order that was never made and is not to be made again has come to its end.
  const over = order.status === null && !order.persistent;
  return {
    ...order,
    failures,
    retryAt: now + backoff(failures),
    withdrawn: false,
    asked:
      order.status === null ? order.asked : { quantity: order.quantity, price: order.price, trigger: order.trigger },
    ...(over ? { dropped: true } : {}),
  };
}

function onPrice(
  state: ContingentState,
  instrumentId: string,
  price: PriceNow,
  now: EpochMs,
  context: ContingentContext,
): ContingentStep {
  const commands: ContingentCommand[] = [];
  let decided = false;
  const orders = state.orders.map((order) => {
    if (watchedInstrument(order) !== instrumentId || !isWatching(order, parentFilled(order, state.orders)))
      return order;
    const instrument = context.instrument(order.intent.instrument);
    if (instrument === null || order.orderId === null) return order;
    const seen = watch(order, price, instrument);
    if (seen === 'same') return order;
    if (seen.fired === true || seen.met === true) decided = true;
    if (seen.trigger === undefined) return { ...order, ...seen };
    const { trigger } = seen;
    const { name, orderId, quantity } = order;
    commands.push({ do: 'modify', name, orderId, price: order.price, trigger, quantity });
    return { ...order, ...seen, asked: { quantity, price: order.price, trigger } };
  });
  const next = { ...state, orders };
  if (!decided) return { state: next, commands };
  const settled = settle(next, now, context);
  return { state: settled.state, commands: [...commands, ...settled.commands] };
}

export function parentFilled(order: LinkedOrder, orders: readonly LinkedOrder[]): boolean {
  if (order.parent === null) return true;
  const parent = orders.find(({ name }) => name === order.parent);
  return parent !== undefined && filledOf(parent) > 0;
}
