import type { OrderIntent } from '../../domain/order.ts';
import type { LimitGate } from '../../risk/create-gate.ts';
import type { OrderPlan } from '../../risk/gate.ts';
import type { PreviewSources } from '../../risk/preview.ts';

/** An order with everything it is judged by, wherever that came from. */
export interface Situation {
  readonly intent: OrderIntent;
  readonly plan: OrderPlan;
  readonly gate: LimitGate;
  readonly sources: PreviewSources;
  /** What had to be taken for granted, in words. */
  readonly assumptions: readonly string[];
}
