import { lazy, Suspense, useState } from 'react';
import { Answered } from '../../controls/answered.tsx';
import { Button } from '../../controls/button.tsx';
import { Loading } from '../../controls/states.tsx';
import { useAnswer } from '../../connection/use-answer.ts';
import { openFirstRun } from '../../first-run/first-run-state.ts';
import { Setting, SettingsGroup } from '../setting.tsx';

const Licences = lazy(async () => ({ default: (await import('../licences.tsx')).Licences }));

function EngineVersion() {
  const answer = useAnswer('hello', (client, options) => client.app.hello({}, options));
  return (
    <Answered answer={answer} what="the engine's version">
      {({ product, version, protocol, contractHash }) => (
        <dl className="grid w-full grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          <dt className="text-ink-2">Engine</dt>
          <dd className="text-right font-semibold">
            {product} {version}
          </dd>
          <dt className="text-ink-2">Contract</dt>
          <dd className="text-right" title={contractHash}>
            protocol {protocol} · {contractHash.slice(0, 12)}
          </dd>
        </dl>
      )}
    </Answered>
  );
}

export function AboutSection() {
  const [shown, setShown] = useState(false);
  return (
    <SettingsGroup title="About">
      <Setting
        title="Tradewright"
        hint="A local-first trading workstation. Nothing leaves this machine but orders you send to a broker. MIT licence."
      >
        <EngineVersion />
      </Setting>
      <Setting
        title="First steps"
        hint="Looks, paper money, limits, a first paper trade and HALT, in a minute and a half."
      >
        <Button onClick={openFirstRun}>Open the first steps</Button>
      </Setting>
      <Setting title="Licences" hint="Of everything that is delivered with Tradewright.">
        {shown ? null : <Button onClick={() => setShown(true)}>Show the licences</Button>}
      </Setting>
      {shown ? (
        <Suspense fallback={<Loading what="the licences" />}>
          <Licences />
        </Suspense>
      ) : null}
    </SettingsGroup>
  );
}
