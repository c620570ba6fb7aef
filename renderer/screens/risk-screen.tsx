import { useState } from 'react';
import { useAnswer } from '../connection/use-answer.ts';
import { Segmented } from '../controls/segmented.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { AlertsPanel } from '../risk/alerts-panel.tsx';
import { LimitDialog } from '../risk/limit-dialog.tsx';
import { Meters } from '../risk/meters.tsx';
import { RiskDetails } from '../risk/risk-details.tsx';
import { StateBanner } from '../risk/state-banner.tsx';
import { ScreenHeader } from './screen-header.tsx';

function Body({ account, currency }: { readonly account: string; readonly currency: string }) {
  const trouble = useWindow((state) => state.troubles['risk']);
  const [revision, setRevision] = useState(0);
  const limits = useAnswer('limit book', (client, options) => client.riskControls.limits({}, options), revision);
  return (
    <>
      {trouble === undefined ? null : (
        <p role="status" className="border-b border-line bg-panel px-3 py-1 text-warn">
          ▲ Not up to date: {trouble} The engine goes on enforcing every limit.
        </p>
      )}
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_22rem] gap-px bg-line">
        <div className="grid min-h-0 grid-rows-[minmax(10rem,auto)_minmax(0,1fr)] gap-px">
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
          <div className="max-h-[21rem] overflow-auto bg-panel" tabIndex={0} role="region" aria-label="Limits in use">
            <Meters account={account} currency={currency} book={limits.value} />
          </div>
          <RiskDetails account={account} limits={limits} revision={revision} />
        </div>
        <section aria-label="Alerts" className="flex min-h-0 flex-col bg-panel">
          <AlertsPanel />
        </section>
      </div>
      {limits.value === null ? null : (
        <LimitDialog book={limits.value} onSaved={() => setRevision((count) => count + 1)} />
      )}
    </>
  );
}

/** One screen that answers what can hurt next, and who says how much is allowed. */
export function RiskScreen() {
  const risk = useWindow((state) => state.risk);
  const trouble = useWindow((state) => state.troubles['risk']);
  const accounts = useWindow((state) => state.accounts);
  const current = useAccount();
  const [chosen, setChosen] = useState<string | null>(null);
  const account = accounts.find(({ id }) => id === chosen) ?? current;
  return (
    <>
      <ScreenHeader title="Risk monitor">
        {account === null ? null : (
          <Segmented
            label="Account shown"
            value={account.id}
            segments={accounts.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setChosen}
          />
        )}
      </ScreenHeader>
      <StateBanner />
      {risk === null ? (
        trouble === undefined ? (
          <Loading what="risk" />
        ) : (
          <Failed what="Risk cannot be read" stillSafe={`${trouble} The engine goes on enforcing every limit.`} />
        )
      ) : account === null ? (
        <Empty title="No account" hint="Limits and meters appear with the first account of a session." />
      ) : (
        <Body key={account.id} account={account.id} currency={account.currency} />
      )}
    </>
  );
}
