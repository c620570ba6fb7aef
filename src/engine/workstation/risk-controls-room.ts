import type { ContractInputs, ContractOutputs, PortfolioRisk } from '../../contract/types.ts';
import type { Result } from '../../domain/refusal.ts';
import type { StateSource } from '../workstation.ts';

type Output = ContractOutputs['riskControls'];
type Input = ContractInputs['riskControls'];

/** Limits of every scope, protections, and the risk of the portfolio as a whole. */
export interface RiskControlsRoom {
  limits(): Output['limits'];
  /** Codes LIMIT_UNKNOWN, LIMIT_INVALID, LIMIT_SCOPE, LIMITS_NOT_WRITTEN. */
  setLimits(request: Input['setLimits']): Result<Output['setLimits']>;
  /** Newest first. */
  limitHistory(request: { readonly limit: number; readonly cursor?: string | undefined }): Output['limitHistory'];
  protections(): Output['protections'];
  /** Codes PROTECTION_INVALID, PROTECTIONS_NOT_WRITTEN. */
  setProtections(request: Input['setProtections']): Result<Output['setProtections']>;
  /** Code LOCK_UNKNOWN. */
  liftLock(request: Input['liftLock']): Result<Output['liftLock']>;
  /** Code ACCOUNT_UNKNOWN. */
  portfolio(account: string): Result<StateSource<PortfolioRisk>>;
  scenarios(): Output['scenarios'];
  /** Codes SCENARIO_INVALID, SCENARIOS_NOT_WRITTEN. */
  setScenarios(request: Input['setScenarios']): Result<Output['setScenarios']>;
  trends(request: { readonly account?: string | undefined }): Output['trends'];
}
