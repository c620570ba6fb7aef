import { useState } from 'react';
import type { AccountView, RiskLimitsState } from '../../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../../connection/connection.ts';
import { useAnswer } from '../../connection/use-answer.ts';
import { Answered } from '../../controls/answered.tsx';
import { Field } from '../../controls/field.tsx';
import { useDesk } from '../../desk/desk.ts';
import { useAccount, useConnected } from '../../desk/window-state.ts';
import { times } from '../../format/decimal-text.ts';
import { money } from '../../format/money.ts';
import { readLimit } from '../../settings/limit-fields.ts';
import { firstLimits } from '../first-limits.ts';
import { finishStep } from '../first-run-state.ts';
import { StepFrame } from '../step-frame.tsx';

function Form({ state, account }: { readonly state: RiskLimitsState; readonly account: AccountView }) {
  const desk = useDesk();
  const connected = useConnected();
  const first = firstLimits(state.limits, account.startingCash);
  const [dailyLoss, setDailyLoss] = useState(first.dailyLoss);
  const [oneOrder, setOneOrder] = useState(first.oneOrder);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const loss = readLimit('percent', dailyLoss);
  const order = readLimit('amount', oneOrder);
  const lossShare = loss.kind === 'value' && typeof loss.value === 'string' ? loss.value : null;
  const orderAmount = order.kind === 'value' && typeof order.value === 'string' ? order.value : null;
  const atStake = lossShare === null ? null : times(account.startingCash, lossShare);
  const save = async () => {
    setBusy(true);
    const outcome = await desk.connection.call(
      (client, options) =>
        client.risk.setLimits(
          {
            limits: { maxDailyLossFraction: lossShare, maxOrderNotional: orderAmount },
            reason: 'Chosen in the first steps',
          },
          options,
        ),
      COMMAND_TIMEOUT_MS,
    );
    setBusy(false);
    if (outcome.kind === 'ok') finishStep('limits');
    else setProblem(outcome.sentence);
  };
  return (
    <StepFrame
      title="Two limits that must be"
      text={
        <p>
          The engine refuses what goes beyond them, whatever asks for it. There are more under Settings, Risk limits.
        </p>
      }
      nextLabel={busy ? 'Saving…' : 'Set these limits'}
      waitsFor={
        !connected
          ? 'Waiting for the engine'
          : busy
            ? ''
            : lossShare === null || orderAmount === null
              ? 'Both need a value'
              : null
      }
      onNext={() => void save()}
    >
      <Field
        label="Loss of a day that halts"
        value={dailyLoss}
        onChange={setDailyLoss}
        unit="% of equity"
        problem={loss.kind === 'problem' ? loss.sentence : null}
      />
      <p className="-mt-2 text-2xs text-ink-2">
        {atStake === null ? '' : `${money(atStake, account.currency)} of ${account.name} at its start`}
      </p>
      <Field
        label="Largest single order"
        value={oneOrder}
        onChange={setOneOrder}
        unit={account.currency}
        problem={order.kind === 'problem' ? order.sentence : null}
      />
      <p className="-mt-2 text-2xs text-ink-2">The same number counts in the currency of every instrument.</p>
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
    </StepFrame>
  );
}

export function LimitsStep() {
  const account = useAccount();
  const answer = useAnswer('first limits', (client, options) => client.risk.limits({}, options));
  if (account === null) return null;
  return (
    <Answered answer={answer} what="the limits">
      {(state) => <Form key={account.id} state={state} account={account} />}
    </Answered>
  );
}
