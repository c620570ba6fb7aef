import { percent, type Findings } from '../findings.ts';

/** Loss of the day and fall from the highest equity, open profit included. Nothing new is opened beyond them. */
export function checkLoss(found: Findings): void {
  const { limits, mode } = found.facts;
  if (limits === null || mode !== 'full') return;
  const { maxDailyLoss, maxDrawdown } = limits;
  if (maxDailyLoss === null && maxDrawdown === null) return;
  const { day, equityNumber } = found.facts;
  if (day === null || !Number.isFinite(equityNumber) || !(day.startEquity > 0) || !(day.highEquity > 0)) {
    found.add(
      'block',
      'EQUITY_UNKNOWN',
      'text',
      'unknown',
      'equity of the day',
      () => "The day's profit or loss is not known, so no position can be opened; wait for prices.",
    );
    return;
  }
  if (maxDailyLoss !== null) {
    judge(found, 'DAILY_LOSS', (day.startEquity - equityNumber) / day.startEquity, maxDailyLoss, 'loss of the day');
  }
  if (maxDrawdown !== null) {
    judge(
      found,
      'DRAWDOWN',
      (day.highEquity - equityNumber) / day.highEquity,
      maxDrawdown,
      'fall from the highest equity',
    );
  }
}

function judge(found: Findings, code: 'DAILY_LOSS' | 'DRAWDOWN', fraction: number, limit: string, name: string): void {
  const value = Math.max(0, fraction);
  const reached = !(value < Number(limit) * (1 - 1e-12));
  found.add(
    reached ? 'block' : 'info',
    code,
    'fraction',
    value,
    Number(limit),
    (_, one, most) =>
      reached
        ? `The ${name} is ${percent(one)}, at the limit of ${percent(most)}; no new risk today. Close positions or change the limit with a reason.`
        : `The ${name} is ${percent(one)} of at most ${percent(most)}.`,
    code === 'DAILY_LOSS' ? 'maxDailyLoss' : 'maxDrawdown',
  );
}
