import { Empty } from '../controls/states.tsx';
import { usePanelParam } from '../desk/panel-context.ts';
import { useAccount, useInstrument } from '../desk/window-state.ts';
import { Ladder } from './ladder.tsx';
import { readSize, useLadderSizes } from './ladder-sizes.ts';

const NONE: Readonly<Record<string, number>> = {};

function readGroups(stored: unknown): Readonly<Record<string, number>> {
  if (typeof stored !== 'object' || stored === null) return NONE;
  const valid = Object.entries(stored).filter(([, multiple]) => Number.isSafeInteger(multiple) && Number(multiple) > 0);
  return Object.fromEntries(valid) as Record<string, number>;
}

export function DepthPanel() {
  const account = useAccount();
  const instrument = useInstrument();
  const [groups, setGroups] = usePanelParam('groups', readGroups);
  const typed = useLadderSizes(({ sizes }) => (instrument === null ? '' : (sizes[instrument.id] ?? '')));
  if (account === null || instrument === null)
    return <Empty title="No instrument chosen" hint="Choose one in the watchlist." />;
  const read = readSize(typed, instrument);
  return (
    // Another symbol or account is another ladder: disarmed, as every ladder begins.
    <Ladder
      key={`${account.id} ${instrument.id}`}
      account={account}
      instrument={instrument}
      multiple={groups[instrument.id] ?? null}
      size={'size' in read ? read.size : null}
      onMultiple={(multiple) => {
        const { [instrument.id]: _before, ...others } = groups;
        setGroups(multiple === null ? others : { ...others, [instrument.id]: multiple });
      }}
    />
  );
}
