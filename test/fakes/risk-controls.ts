import { ok, refuse } from '../../src/domain/refusal.ts';
import type { RiskControlsRoom } from '../../src/engine/workstation/risk-controls-room.ts';

const NO_LIMITS = { names: [], scopes: [] };
const NO_PROTECTIONS = { rules: [], locks: [] };
const NO_SCENARIOS = { standard: [], own: [] };

/** Nothing set, nothing known. */
export const NO_RISK_CONTROLS: RiskControlsRoom = {
  limits: () => NO_LIMITS,
  setLimits: () => ok(NO_LIMITS),
  limitHistory: () => ({ changes: [], next: null }),
  protections: () => NO_PROTECTIONS,
  setProtections: () => ok(NO_PROTECTIONS),
  liftLock: ({ id }) => refuse('LOCK_UNKNOWN', 'There is no such lock.', { value: id }),
  portfolio: (account) => refuse('ACCOUNT_UNKNOWN', `There is no account "${account}".`),
  scenarios: () => NO_SCENARIOS,
  setScenarios: () => ok(NO_SCENARIOS),
  trends: () => ({ trends: [] }),
};
