import type { PositionView } from '../../contract/types.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { refuse, type Result } from '../../domain/refusal.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Workstation } from '../workstation.ts';
import type { Runtime } from './runtime.ts';
import type { Protection } from './ticket.ts';

/** placeholder */
export class ProtectionDesk {
  readonly #runtime: Runtime;
  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }
  attach(_order: Order, _protection: Protection): void {}
  restore(): void {}
  onSecond(_now: EpochMs): void {}
  protect(
    _request: Parameters<Workstation['positions']['protect']>[0],
    _view: (record: Position) => PositionView,
  ): Result<PositionView> {
    return refuse('PROTECTION_UNAVAILABLE', `Protective exits are not there yet (${this.#runtime.dataDir}).`);
  }
  levels(_accountId: string, _instrument: Instrument): Pick<PositionView, 'stopLoss' | 'takeProfit' | 'trailing'> {
    return { stopLoss: null, takeProfit: null, trailing: null };
  }
}
