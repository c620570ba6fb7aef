import type { WorkingOrder } from './working-order.ts';

/**
 * Orders of one kind and side in the order in which the market reaches them: buy limits from the highest price down,
 * sell limits from the lowest up, buy stops from the lowest trigger up, sell stops from the highest down; at one price
 * the earlier arrival first. `direction` is the sign that makes this an ascending sort of `direction x price`.
 */
export class Ladder {
  readonly orders: WorkingOrder[] = [];
  private readonly direction: 1 | -1;

  constructor(direction: 1 | -1) {
    this.direction = direction;
  }

  add(order: WorkingOrder, price: number): void {
    const key = this.direction * price;
    order.key = key;
    const orders = this.orders;
    let low = 0;
    let high = orders.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((orders[middle]?.key ?? 0) <= key) low = middle + 1;
      else high = middle;
    }
    if (low === orders.length) orders.push(order);
    else orders.splice(low, 0, order);
  }

  remove(order: WorkingOrder): void {
    const index = this.orders.indexOf(order);
    if (index >= 0) this.orders.splice(index, 1);
  }

  /**
   * The first order not yet `seen` by the event that the market reaches at `price`; a limit of a key beyond it is not
   * reached. Asked again after every order, because each outcome may change the ladder.
   */
  next(seen: number, price: number): WorkingOrder | null {
    const orders = this.orders;
    const bound = this.direction * price;
    for (let index = 0; index < orders.length; index += 1) {
      const order = orders[index];
      if (order === undefined || order.key > bound) return null;
      if (order.seen !== seen) return order;
    }
    return null;
  }
}
