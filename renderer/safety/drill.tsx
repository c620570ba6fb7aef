import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { useAccount, useWindow } from '../desk/window-state.ts';
import { bothZones } from '../format/time.ts';
import { drill, useRuns } from './runs.ts';
import { Steps, timesText } from './steps.tsx';

function lastText(last: { lastAt: number | null; flat: boolean | null; flatMs: number | null }): string {
  if (last.lastAt === null) return 'No drill yet. Once a week shows that the switch works and what it takes.';
  const result =
    last.flat === true && last.flatMs !== null ? `flat in ${(last.flatMs / 1_000).toFixed(2)} s` : 'NOT FLAT';
  return `Last drill ${bothZones(last.lastAt)}: ${result}.`;
}

/** The switch in practice, on orders of its own in a paper account. */
export function Drill() {
  const desk = useDesk();
  const accounts = useWindow((state) => state.accounts);
  const current = useAccount();
  const risk = useWindow((state) => state.risk);
  const { steps, running, problem } = useRuns((state) => state.drill);
  const account = current?.kind === 'paper' ? current : accounts.find(({ kind }) => kind === 'paper');
  const status = risk?.emergency.drill ?? null;
  const last = steps.at(-1);
  const due = status !== null && (status.dueAt === null || (risk !== null && risk.at >= status.dueAt));
  const isActive = risk?.state === 'ACTIVE';
  return (
    <section aria-label="Drill" className="flex flex-col gap-2 border-t border-line pt-2">
      <h3 className="text-2xs font-semibold text-ink-2">
        Drill: practise on two small paper orders of its own; nothing else is touched
      </h3>
      <p className={due ? 'text-warn' : 'text-ink-2'}>
        {due ? '▲ A drill is due. ' : ''}
        {status === null ? 'Not known.' : lastText(status)}
      </p>
      <Button
        disabled={running || status?.running === true || account === undefined || !isActive}
        onClick={() => account !== undefined && void drill(desk, account.id)}
      >
        {running || status?.running === true
          ? 'Drill under way…'
          : account === undefined
            ? 'Drill needs a paper account'
            : isActive
              ? `Drill in ${account.name} · PAPER`
              : 'Drill needs ACTIVE trading'}
      </Button>
      <Steps steps={steps} label="Drill checklist" />
      {last?.step === 'result' ? (
        <p role="status" className={last.outcome === 'FLAT' ? 'font-semibold text-up' : 'font-semibold text-halt'}>
          {last.outcome === 'FLAT' ? `Drill: FLAT ✓ verified. ${timesText(last)}` : `Drill: ${last.sentence}`}
        </p>
      ) : null}
      {problem === null ? null : (
        <p role="alert" className="text-halt">
          {problem}
        </p>
      )}
    </section>
  );
}
