import { useState } from 'react';
import { Segmented } from '../controls/segmented.tsx';
import { Answered } from '../controls/answered.tsx';
import type { Answer } from '../connection/use-answer.ts';
import { LimitHistory } from './limit-history.tsx';
import type { LimitBook } from './limit-source.ts';
import { LimitsView } from './limits-view.tsx';
import { PortfolioView } from './portfolio-view.tsx';
import { ProtectionsView } from './protections-view.tsx';

type View = 'portfolio' | 'limits' | 'protections' | 'history';
const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'portfolio', label: 'Scenarios and value at risk' },
  { value: 'limits', label: 'Limits' },
  { value: 'protections', label: 'Protections and locks' },
  { value: 'history', label: 'Changes of limits' },
];

interface RiskDetailsProps {
  readonly account: string;
  readonly limits: Answer<LimitBook>;
  /** Moves with every change of a limit. */
  readonly revision: number;
}

/** The lower half of the risk monitor. */
export function RiskDetails({ account, limits, revision }: RiskDetailsProps) {
  const [view, setView] = useState<View>('portfolio');
  return (
    <section aria-label="Risk details" className="flex min-h-0 flex-col bg-panel">
      <div className="flex h-9 shrink-0 items-center border-b border-line px-2">
        <Segmented label="Risk details shown" value={view} segments={VIEWS} onChange={setView} />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Details">
        {view === 'portfolio' ? (
          <PortfolioView account={account} />
        ) : view === 'limits' ? (
          <Answered answer={limits} what="the limits">
            {(book) => <LimitsView book={book} />}
          </Answered>
        ) : view === 'protections' ? (
          <ProtectionsView />
        ) : (
          <LimitHistory revision={revision} />
        )}
      </div>
    </section>
  );
}
