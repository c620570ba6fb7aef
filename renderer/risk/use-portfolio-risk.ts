import { useEffect, useState } from 'react';
import type { PortfolioRisk } from '../../src/contract/types.ts';
import { useDesk } from '../desk/desk.ts';

const EVERY_MS = 2_000;

/** Of one account, while it is looked at. The figures of another account are never shown for this one. */
export function usePortfolioRisk(account: string): {
  readonly figures: PortfolioRisk | null;
  readonly problem: string | null;
} {
  const desk = useDesk();
  const [figures, setFigures] = useState<PortfolioRisk | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(
    () =>
      desk.connection.follow(
        (client, options) => client.riskControls.portfolio({ account, intervalMs: EVERY_MS }, options),
        setFigures,
        setProblem,
      ),
    [desk, account],
  );
  return { figures: figures?.account === account ? figures : null, problem };
}
