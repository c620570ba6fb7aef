import { useState } from 'react';
import { Button } from '../../controls/button.tsx';
import { useDesk } from '../../desk/desk.ts';
import { useWindow } from '../../desk/window-state.ts';
import { resume } from '../../safety/safety.ts';
import { keysOf, showKeys } from '../../settings/keys.ts';
import { useSettings } from '../../settings/settings.ts';
import { finishStep } from '../first-run-state.ts';
import { StepFrame } from '../step-frame.tsx';

export function HaltStep() {
  const desk = useDesk();
  const state = useWindow((window) => window.risk?.state ?? null);
  const checks = useWindow((window) => window.risk?.emergency.rearm ?? []);
  const keys = useSettings((settings) => keysOf('halt', settings.keys));
  const [pressed, setPressed] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  if (state === 'HALTED' && !pressed) setPressed(true);
  const goOn = async () => {
    setBusy(true);
    setProblem(await resume(desk, 'First steps: HALT was tried on paper'));
    setBusy(false);
  };
  return (
    <StepFrame
      title="Press HALT once"
      text={
        <>
          <p>
            It is always at the top right, and on <span className="font-semibold text-ink">{showKeys(keys)}</span>, also
            while you type. One press, no question: opening orders and strategies stop, protective stops stay.
          </p>
          {pressed ? (
            <p className="font-semibold text-ink">
              ✓ Halted, and it would still be so after a restart. Trading goes on only when you say why.
            </p>
          ) : null}
        </>
      }
      nextLabel="Finish"
      waitsFor={!pressed ? 'Waiting for HALT' : state === 'HALTED' ? 'Trading is still halted' : null}
      onNext={() => finishStep('halt')}
    >
      {pressed && state === 'HALTED' ? (
        <Button disabled={busy || checks.some(({ ok }) => !ok)} onClick={() => void goOn()}>
          {busy ? 'Resuming…' : 'Resume trading'}
        </Button>
      ) : null}
      {checks
        .filter(({ ok }) => !ok)
        .map(({ code, sentence }) => (
          <p key={code} className="text-warn">
            {sentence}
          </p>
        ))}
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
    </StepFrame>
  );
}
