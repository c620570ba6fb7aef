/** How worried to be, for the risk monitor's headline; it blocks nothing by itself. */
export type RiskLevel = 'LOW' | 'MEDIUM' | 'HIGH';

interface LevelThresholds {
  /** Total profit and loss below this (account currency, negative). */
  readonly highLoss: number;
  readonly mediumLoss: number;
  /** Largest single exposure as a share of equity above this. */
  readonly highConcentration: number;
  readonly mediumConcentration: number;
}

const DEFAULT_LEVELS: LevelThresholds = {
  highLoss: -50_000,
  mediumLoss: -20_000,
  highConcentration: 0.3,
  mediumConcentration: 0.2,
};

/** HIGH also when a figure is not known. */
export function riskLevel(totalPnl: number, concentration: number, thresholds = DEFAULT_LEVELS): RiskLevel {
  if (!(totalPnl >= thresholds.highLoss) || !(concentration <= thresholds.highConcentration)) return 'HIGH';
  if (totalPnl < thresholds.mediumLoss || concentration > thresholds.mediumConcentration) return 'MEDIUM';
  return 'LOW';
}
