import { closeAtMarket } from '../../domain/closing-order.ts';
import { priceText, type Instrument } from '../../domain/instrument.ts';
import type { Bar } from '../../domain/market-data.ts';
import type { Order, OrderIntent } from '../../domain/order.ts';
import { parseUnits, type EpochMs, type PriceUnits, type QuantityUnits } from '../../domain/units.ts';
import { liquidationText } from '../../portfolio/margin-account.ts';
import { SCRIPT_ACCOUNT, type ScriptMoney } from './money.ts';

export interface LiquidationPorts {
  readonly instrument: Instrument;
  readonly money: ScriptMoney;
  now(): EpochMs;
  mark(): void;
  working(): readonly Order[];
  cancel(orderId: string, reason: string): void;
  submit(intent: OrderIntent, reason: string): void;
  /** The market is at this price for an instant, on bars. */
  priceNow(price: PriceUnits, volume: QuantityUnits): void;
}

/** Code of the orders. */
export const LIQUIDATION = 'LIQUIDATION';

/** What the exchange of a script does to a margin account whose margin is used up: it closes the position at the market. */
export class ScriptLiquidation {
  readonly #ports: LiquidationPorts;
  #count = 0;

  constructor(ports: LiquidationPorts) {
    this.#ports = ports;
  }

  /** After every change of price. */
  look(): void {
    const { money } = this.#ports;
    if (!money.isLiquidated) return;
    this.#ports.mark();
    if (money.isUsedUp()) this.#close(null);
  }

  /** A bar may go through the price and come back: it is liquidated there, or at the open when that lies beyond. */
  onBar(bar: Bar): void {
    const { money, instrument } = this.#ports;
    if (!money.isLiquidated) return;
    this.#ports.mark();
    const quantity = money.position();
    const exact = money.liquidationPrice();
    if (exact !== null && quantity !== 0) {
      const price = parseUnits(liquidationText(instrument, quantity, exact), instrument.priceDigits);
      const isThrough = quantity > 0 ? bar.low <= price : bar.high >= price;
      if (isThrough) {
        const at = quantity > 0 ? Math.min(price, bar.open) : Math.max(price, bar.open);
        this.#ports.priceNow(at, Math.abs(quantity));
        this.#ports.mark();
        this.#close(at);
        this.#ports.priceNow(bar.close, 0);
        return;
      }
    }
    this.look();
  }

  #close(at: PriceUnits | null): void {
    const { instrument, money } = this.#ports;
    const working = this.#ports.working();
    if (working.some(({ id }) => /^LIQ-\d+$/.test(id))) return;
    for (const order of working)
      if (!order.reduceOnly) this.#ports.cancel(order.id, 'The account is being liquidated.');
    const quantity = money.position();
    const { equity, maintenance } = money.figures();
    const where = at === null ? '' : ` at ${priceText(instrument, at)}`;
    this.#count += 1;
    this.#ports.submit(
      closeAtMarket(
        { accountId: SCRIPT_ACCOUNT, accountKind: 'paper', instrument: instrument.id, quantity },
        { timeInForce: 'IOC', note: 'liquidation', idempotencyKey: `LIQ-${this.#count}` },
      ),
      `Margin used up: the position is liquidated${where}; equity ${equity.toFixed()} against a maintenance margin of ${maintenance.toFixed()} ${instrument.quote}.`,
    );
  }
}
