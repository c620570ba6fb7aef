import { useState } from 'react';
import type { AccountView } from '../../src/contract/types.ts';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useDesk } from '../desk/desk.ts';
import { displayName } from '../desk/instruments.ts';
import { useConnected, useInstrument, useWindow } from '../desk/window-state.ts';
import { modeSuffix } from '../frame/mode-chip.tsx';
import { parameterProblem, readParameters, typedOf, type TypedParameters } from './parameters.ts';
import { CONSEQUENCES } from './run-commands.ts';
import type { Listed } from './use-strategies.ts';

interface StartFormProps {
  readonly available: Listed['available'];
  readonly onStarted: (run: string) => void;
}

/** Strategy, instrument, account and every parameter within its bounds. */
export function StartForm({ available, onStarted }: StartFormProps) {
  const desk = useDesk();
  const connected = useConnected();
  const instruments = useWindow((state) => state.instruments);
  const accounts = useWindow((state) => state.accounts);
  const current = useInstrument();
  const [strategy, setStrategy] = useState<string | null>(null);
  const [instrumentId, setInstrument] = useState<string | null>(null);
  const [accountId, setAccount] = useState<string | null>(null);
  const [typed, setTyped] = useState<TypedParameters>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const definition = available.find(({ id }) => id === strategy) ?? available[0];
  const instrument = instruments.get(instrumentId ?? '') ?? current;
  const fitting: readonly AccountView[] = accounts.filter(({ currency }) => currency === instrument?.quote);
  const account = fitting.find(({ id }) => id === accountId) ?? fitting.find(({ kind }) => kind === 'paper') ?? null;
  if (definition === undefined || instrument === null) return null;
  const parameters = readParameters(definition, typed);
  const start = async () => {
    if (parameters === null || account === null) return;
    setBusy(true);
    const outcome = await desk.connection.call(
      (client, options) =>
        client.strategies.start(
          { strategy: definition.id, instrument: instrument.id, account: account.id, parameters },
          options,
        ),
      COMMAND_TIMEOUT_MS,
    );
    setBusy(false);
    setProblem(outcome.kind === 'ok' ? null : outcome.sentence);
    if (outcome.kind === 'ok') onStarted(outcome.value.id);
  };
  return (
    <form
      aria-label="Start a strategy"
      className="flex flex-col gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <h3 className="font-semibold">Start a strategy</h3>
      <Choice
        label="Strategy"
        value={definition.id}
        options={available.map(({ id, title }) => ({ value: id, label: title }))}
        onChange={(next) => {
          setStrategy(next);
          setTyped({});
          setProblem(null);
        }}
      />
      <p className="text-ink-2">{definition.description}</p>
      <div className="grid grid-cols-2 gap-2">
        <Choice
          label="Instrument"
          value={instrument.id}
          options={[...instruments.values()].map((each) => ({ value: each.id, label: displayName(each) }))}
          onChange={setInstrument}
        />
        {account === null ? (
          <p className="text-warn">No account in {instrument.quote}.</p>
        ) : (
          <Choice
            label="Account"
            value={account.id}
            options={fitting.map((each) => ({ value: each.id, label: `${each.name} · ${modeSuffix(each)}` }))}
            onChange={setAccount}
          />
        )}
        {definition.parameters.map((parameter) => (
          <div key={parameter.name} className="flex flex-col gap-0.5">
            <Field
              label={parameter.name}
              value={typedOf(parameter, typed)}
              onChange={(text) => setTyped((before) => ({ ...before, [parameter.name]: text }))}
              problem={parameterProblem(parameter, typed)}
              title={parameter.description}
            />
            <p className="text-2xs text-ink-2">
              {parameter.description} ({parameter.min} to {parameter.max})
            </p>
          </div>
        ))}
      </div>
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
      <Button
        type="submit"
        size="large"
        tone="accent"
        disabled={!connected || busy || parameters === null || account === null}
      >
        {busy
          ? 'Starting…'
          : `Start on ${displayName(instrument)}${account === null ? '' : ` · ${modeSuffix(account)}`}`}
      </Button>
      <p className="text-2xs text-ink-2">{CONSEQUENCES.start}</p>
    </form>
  );
}
