import { useState } from 'react';
import type { AccountView } from '../../../src/contract/types.ts';
import { COMMAND_TIMEOUT_MS } from '../../connection/connection.ts';
import { Button } from '../../controls/button.tsx';
import { Field } from '../../controls/field.tsx';
import { Segmented } from '../../controls/segmented.tsx';
import { useDesk } from '../../desk/desk.ts';
import { useAccount, useConnected, useWindow } from '../../desk/window-state.ts';
import { readTyped, signOf, trimZeros } from '../../format/decimal-text.ts';
import { money } from '../../format/money.ts';
import { finishStep } from '../first-run-state.ts';
import { StepFrame } from '../step-frame.tsx';

const ENDING_MS = 4 * COMMAND_TIMEOUT_MS;

/** The newest paper account of a currency: the one a session with a new capital has made. */
function newestOf(accounts: readonly AccountView[], currency: string): AccountView | undefined {
  return accounts.filter((account) => account.kind === 'paper' && account.currency === currency).at(-1);
}

function Capital({ account }: { readonly account: AccountView }) {
  const desk = useDesk();
  const connected = useConnected();
  const counts = useWindow((state) => state.status?.counts ?? null);
  const [typed, setTyped] = useState(account.startingCash);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isQuiet =
    counts !== null && counts.openPositions === 0 && counts.workingOrders === 0 && counts.strategies === 0;
  const begin = async () => {
    const capital = readTyped(typed);
    if (capital === null || signOf(capital) <= 0) return setProblem('Type an amount above zero.');
    setBusy(true);
    const stopped = await desk.connection.call((client, options) => client.session.stop({}, options), ENDING_MS);
    if (stopped.kind !== 'ok' && !(stopped.kind === 'refused' && stopped.code === 'SESSION_NOT_RUNNING')) {
      setBusy(false);
      return setProblem(stopped.sentence);
    }
    const started = await desk.connection.call(
      (client, options) => client.session.start({ mode: 'paper', capital: trimZeros(capital) }, options),
      COMMAND_TIMEOUT_MS,
    );
    await desk.reloadLists();
    setBusy(false);
    if (started.kind !== 'ok')
      return setProblem(`${started.sentence} The session before has ended: press again, or restart Tradewright.`);
    setProblem(null);
    const made = newestOf(useWindow.getState().accounts, account.currency);
    if (made !== undefined) useWindow.setState({ account: made.id });
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void begin();
      }}
    >
      <Field
        label="Another starting capital"
        value={typed}
        onChange={setTyped}
        unit={account.currency}
        problem={problem}
        disabled={!connected || busy}
      />
      <Button type="submit" disabled={!connected || busy || !isQuiet || typed === account.startingCash}>
        {busy ? 'Starting a session…' : 'Begin again with this capital'}
      </Button>
      <p className="text-2xs text-ink-2">
        {isQuiet
          ? 'A new session begins, with a new paper account of this amount in every currency it trades.'
          : 'Possible while no position, order or strategy is open.'}
      </p>
    </form>
  );
}

export function AccountStep() {
  const accounts = useWindow((state) => state.accounts);
  const account = useAccount();
  const papers = accounts.filter(({ kind }) => kind === 'paper');
  const currencies = [...new Set(papers.map(({ currency }) => currency))].toSorted();
  if (account === null || account.kind !== 'paper') {
    return (
      <StepFrame
        title="Paper money"
        text={<p>There is no paper account yet. It comes with the first session.</p>}
        nextLabel="Go on"
        waitsFor={papers.length === 0 ? 'Waiting for a session' : 'Choose a paper account at the top left'}
        onNext={() => finishStep('account')}
      />
    );
  }
  return (
    <StepFrame
      title="Paper money"
      text={
        <p>
          Orders fill against the market's own book, with fees and delay. Take an amount you would really trade with:
          habits transfer.
        </p>
      }
      nextLabel={`Use ${account.name}`}
      waitsFor={null}
      onNext={() => finishStep('account')}
    >
      <div className="flex flex-col items-start gap-2">
        <Segmented
          label="Base currency"
          value={account.currency}
          segments={currencies.map((currency) => ({ value: currency, label: currency }))}
          onChange={(currency) => {
            const chosen = newestOf(accounts, currency);
            if (chosen !== undefined) useWindow.setState({ account: chosen.id });
          }}
        />
        <p>
          <span className="text-ink-2">{account.name} began with</span>{' '}
          <span className="text-sm font-semibold whitespace-nowrap">
            {money(account.startingCash, account.currency)}
          </span>
        </p>
      </div>
      <Capital key={account.id} account={account} />
    </StepFrame>
  );
}
