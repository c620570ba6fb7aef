import { useState } from 'react';
import type { RiskCheckView } from '../../src/contract/types.ts';
import { useAnswer } from '../connection/use-answer.ts';
import { figures } from '../format/money.ts';
import { dateTimeOf } from '../format/time.ts';
import { openScreen } from '../screens/screen-state.ts';
import { useSettings } from '../settings/settings.ts';

function figure(text: string): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? figures(text, { currency: 'USD' }) : text;
}

/** Bounds that nobody sets: they follow from what the account owns. */
const OWN_MEANS = /BALANCE/;

function Explanation({ check }: { readonly check: RiskCheckView }) {
  const zone = useSettings((settings) => settings.zone);
  const book = useAnswer('limit book', (client, options) => client.riskControls.limits({}, options));
  const isOwn = OWN_MEANS.test(check.code);
  // A check names a scope only where it is not that of all accounts.
  const scoped = book.value?.scopes.find(({ scope }) =>
    scope === null ? check.scope === undefined : check.scope?.endsWith(scope.id) === true,
  );
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 rounded-sm bg-canvas p-2 text-ink">
      <dt className="text-ink-2">Rule</dt>
      <dd>{check.code.replaceAll('_', ' ').toLowerCase()}</dd>
      <dt className="text-ink-2">This order</dt>
      <dd>{figure(check.value)}</dd>
      <dt className="text-ink-2">Allowed</dt>
      <dd>{figure(check.limit)}</dd>
      <dt className="text-ink-2">Whose</dt>
      <dd>
        {check.scope ?? (isOwn ? 'what the account owns' : 'all accounts')}
        {isOwn || scoped === undefined || scoped.changedAt === null
          ? ''
          : `, set by ${scoped.changedBy ?? 'somebody'} ${dateTimeOf(scoped.changedAt, zone)} ${zone}: ${scoped.reason ?? 'no reason'}`}
      </dd>
      {isOwn ? null : (
        <>
          <dt className="text-ink-2">To change it</dt>
          <dd>
            <button
              type="button"
              className="min-h-6 text-left text-accent underline"
              onClick={() => openScreen('risk')}
            >
              Open the limits in the risk monitor
            </button>
          </dd>
        </>
      )}
    </dl>
  );
}

/** Why a block blocks: which rule, which figure against which bound, whose it is and where it can be changed. */
export function BlockReason({ check }: { readonly check: RiskCheckView }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">{check.sentence}</p>
      <button
        type="button"
        aria-expanded={open}
        className="h-6 self-start font-semibold underline"
        onClick={() => setOpen(!open)}
      >
        {open ? 'Hide the rule' : 'Explain this block'}
      </button>
      {open ? <Explanation check={check} /> : null}
    </div>
  );
}
