import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Choice } from '../controls/choice.tsx';
import { Field } from '../controls/field.tsx';
import { useDesk } from '../desk/desk.ts';
import { useConnected, useWindow } from '../desk/window-state.ts';
import { DialogFrame } from '../dialogs/frame.tsx';
import { dateTimeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { closeLimit, useLimitDialog } from './limit-dialog-state.ts';
import { byImportance, limitFigure, limitTitle, limitWord, readTypedLimit, typedLimit } from './limit-names.ts';
import { scopeWords, type LimitBook, type LimitScopeView } from './limit-source.ts';
import { riskCommand } from './risk-command.ts';

const KINDS = [
  { value: 'all', label: 'All accounts' },
  { value: 'account', label: 'One account' },
  { value: 'symbol', label: 'One instrument' },
  { value: 'strategy', label: 'One strategy run' },
  { value: 'broker', label: 'One broker' },
] as const;
type Kind = (typeof KINDS)[number]['value'];

/** What a scope of a kind can be called, from what this window knows. */
function useIds(kind: Kind): readonly { readonly value: string; readonly label: string }[] {
  const accounts = useWindow((state) => state.accounts);
  const instruments = useWindow((state) => state.instruments);
  switch (kind) {
    case 'account':
      return accounts.map(({ id, name }) => ({ value: id, label: name }));
    case 'broker':
      return [...new Set(accounts.map(({ broker }) => broker))].map((id) => ({ value: id, label: id }));
    case 'symbol':
      return [...instruments.keys()].map((id) => ({ value: id, label: id }));
    case 'all':
    case 'strategy':
      return [];
  }
}

interface FormProps {
  readonly book: LimitBook;
  readonly first: { readonly scope: LimitScopeView | null; readonly name: string };
  readonly onSaved: () => void;
}

/** One limit of one scope: its value, why, and what it replaces. The engine writes down who and when. */
function LimitForm({ book, first, onSaved }: FormProps) {
  const desk = useDesk();
  const connected = useConnected();
  const zone = useSettings((settings) => settings.zone);
  const [name, setName] = useState(first.name);
  const [kind, setKind] = useState<Kind>(first.scope?.kind ?? 'all');
  const [id, setId] = useState(first.scope?.id ?? '');
  const ids = useIds(kind);
  const [typed, setTyped] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const definition = book.names.find((each) => each.name === name);
  const kinds = KINDS.filter(({ value }) => value === 'all' || definition?.scopes.includes(value) === true);
  const scope: LimitScopeView | null = kind === 'all' ? null : { kind, id: id === '' ? (ids[0]?.value ?? '') : id };
  const kept = book.scopes.find((each) => scopeWords(each.scope) === scopeWords(scope));
  const before = kept?.limits[name] ?? null;
  const text = typed ?? typedLimit(name, before);
  const read = readTypedLimit(name, text);
  const isChanged = typed !== null && read.kind === 'value' && read.value !== before;
  const hasScope = scope === null || scope.id !== '';
  const ready = connected && !busy && isChanged && hasScope && reason.trim().length >= 3;
  const save = async () => {
    if (!ready || read.kind !== 'value') return;
    setBusy(true);
    const sentence = await riskCommand(
      desk,
      `${limitTitle(name)} of ${scopeWords(scope)}: ${limitFigure(name, read.value)}`,
      (client, options) =>
        client.riskControls.setLimits({ scope, limits: { [name]: read.value }, reason: reason.trim() }, options),
    );
    setBusy(false);
    setProblem(sentence);
    onSaved();
    if (sentence === null) closeLimit();
  };
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        <Choice
          label="Limit"
          value={name}
          options={book.names
            .map((each) => each.name)
            .sort(byImportance)
            .map((each) => ({ value: each, label: limitTitle(each) }))}
          onChange={(next) => {
            setName(next);
            setTyped(null);
            if (book.names.find((each) => each.name === next)?.scopes.some((each) => each === kind) !== true)
              setKind('all');
          }}
        />
        <Choice
          label="Scope"
          value={kind}
          options={kinds}
          onChange={(next) => {
            setKind(next);
            setId('');
            setTyped(null);
          }}
        />
        {kind === 'all' ? null : kind === 'strategy' ? (
          <Field
            label="Strategy run, such as sma-cross@BTCUSDT.BINANCE"
            value={id}
            onChange={setId}
            inputMode="text"
            className="col-span-2 [&_input]:text-left"
          />
        ) : (
          <Choice
            label="Of"
            value={scope?.id ?? ''}
            options={ids}
            onChange={(next) => {
              setId(next);
              setTyped(null);
            }}
            className="col-span-2"
          />
        )}
      </div>
      <Field
        label={`${limitTitle(name)} of ${scopeWords(scope)} (empty: off)`}
        value={text}
        onChange={setTyped}
        unit={limitWord(name)}
        placeholder="off"
        problem={read.kind === 'problem' ? read.sentence : null}
        large
        autoFocus
      />
      <p>
        <span className="text-ink-2">Now</span> {limitFigure(name, before)}
        {isChanged && read.kind === 'value' ? (
          <>
            {' → '}
            <span className="font-semibold">{limitFigure(name, read.value)}</span>
          </>
        ) : null}
        <span className="block text-ink-2">
          {kept === undefined || kept.changedAt === null
            ? 'Nobody has changed the limits of this scope yet.'
            : `Scope last changed by ${kept.changedBy ?? 'somebody'}, ${dateTimeOf(kept.changedAt, zone)} ${zone}: ${kept.reason ?? 'no reason'}`}
        </span>
      </p>
      {scope === null ? null : (
        <p className="text-ink-2">
          The strictest limit of all that apply to an order holds; this one cannot loosen another.
        </p>
      )}
      <Field
        label="Reason, kept with the change"
        value={reason}
        onChange={setReason}
        inputMode="text"
        className="[&_input]:text-left"
        maxLength={500}
        problem={problem}
      />
      <div className="flex justify-end gap-2">
        <Button onClick={closeLimit}>Cancel</Button>
        <Button type="submit" tone="accent" disabled={!ready}>
          {busy ? 'Saving…' : reason.trim().length < 3 && isChanged ? 'Say why first' : 'Change the limit'}
        </Button>
      </div>
    </form>
  );
}

export function LimitDialog({ book, onSaved }: { readonly book: LimitBook; readonly onSaved: () => void }) {
  const open = useLimitDialog((state) => state.open);
  if (open === null) return null;
  return (
    <DialogFrame title="Change a limit" onClose={closeLimit}>
      <LimitForm key={`${scopeWords(open.scope)} ${open.name}`} book={book} first={open} onSaved={onSaved} />
    </DialogFrame>
  );
}
