import type { Account } from '../domain/account.ts';
import type { DecimalString } from '../domain/decimal.ts';
import { RefusalError } from '../domain/refusal.ts';
import type { FeeTerms } from '../risk/facts.ts';
import { chargeEstimate } from '../venue/charges/charge-estimate.ts';
import type { TradedProduct } from '../venue/charges/order-charges.ts';
import type { VenueModel } from '../venue/model.ts';

/** Shares paid in full are taken into delivery (CNC); on margin they are traded within the day (intraday, MIS). */
export function productOf(account: Pick<Account, 'type'>): TradedProduct {
  return account.type === 'cash' ? 'delivery' : 'intraday';
}

/** Fee rates that an order of the account is judged and sized by; for itemised charges an upper bound of them. */
export class AccountFees {
  readonly #estimates = new Map<string, FeeTerms>();

  of(model: VenueModel, account: Account | null): FeeTerms {
    const { charges } = model.fees;
    if (charges === undefined) return model.fees;
    const product = account === null ? charges.product : productOf(account);
    const key = `${charges.exchange} ${charges.plan} ${product}`;
    let estimate = this.#estimates.get(key);
    if (estimate === undefined) {
      const made = chargeEstimate(charges, product);
      if (!made.ok) throw new RefusalError(made.error);
      estimate = made.value;
      this.#estimates.set(key, estimate);
    }
    return estimate;
  }
}

/** The same for the arithmetic of position sizes. */
export function commissionOf(fees: FeeTerms): { rate: DecimalString; fixed: DecimalString } {
  return { rate: fees.taker, fixed: fees.fixed };
}
