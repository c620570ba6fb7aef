import { toast } from 'sonner';
import type { ParentOrderView } from '../../src/contract/types.ts';
import { nameOf, priceText, quantityText } from '../blotter/cells.ts';
import { Button } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';
import { Cell, PlainTable, TABLE_ROW } from '../controls/plain-table.tsx';
import { Empty, Failed, Loading } from '../controls/states.tsx';
import { COMMAND_TIMEOUT_MS } from '../connection/connection.ts';
import { useDesk } from '../desk/desk.ts';
import { useConnected } from '../desk/window-state.ts';
import { bothZones, timeOf } from '../format/time.ts';
import { useSettings } from '../settings/settings.ts';
import { algorithmName } from '../ticket/algorithm-words.ts';
import { filledShare, isActive, pace, parentState } from './parent-words.ts';
import { useParents } from './use-parents.ts';

type Verb = 'pause' | 'resume' | 'cancel';
const WORDS: Readonly<Record<Verb, string>> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' };
const TITLES: Readonly<Record<Verb, string>> = {
  pause: 'Takes its orders back until it is resumed',
  resume: 'Goes on, at once or as soon as what holds it has ended',
  cancel: 'Cancels its orders; it ends when the last of them has',
};

function Actions({ parent }: { readonly parent: ParentOrderView }) {
  const desk = useDesk();
  const connected = useConnected();
  const act = async (verb: Verb) => {
    const outcome = await desk.connection.call(
      (client, options) => client.algorithms[verb]({ id: parent.id }, options),
      COMMAND_TIMEOUT_MS,
    );
    if (outcome.kind !== 'ok') toast.error(`${WORDS[verb]} ${parent.id}: not done`, { description: outcome.sentence });
  };
  if (!isActive(parent)) return null;
  const verbs: Verb[] = [parent.status === 'paused' ? 'resume' : 'pause', 'cancel'];
  return (
    <div className="flex justify-end gap-1">
      {verbs.map((verb) => (
        <Button
          key={verb}
          size="small"
          disabled={!connected || parent.status === 'ending'}
          title={TITLES[verb]}
          aria-label={`${WORDS[verb]} ${algorithmName(parent.type)} of ${nameOf(parent.instrument)}`}
          onClick={() => void act(verb)}
        >
          {WORDS[verb]}
        </Button>
      ))}
    </div>
  );
}

function ParentRow({ parent }: { readonly parent: ParentOrderView }) {
  const zone = useSettings((settings) => settings.zone);
  const share = filledShare(parent);
  const why = parent.pause?.sentence ?? parent.reason ?? pace(parent) ?? '';
  const bad = parent.status === 'failed' || parent.pause !== null;
  return (
    <tr className={TABLE_ROW}>
      <Cell className="font-semibold whitespace-nowrap">{nameOf(parent.instrument)}</Cell>
      <Cell className={cx('font-medium whitespace-nowrap', parent.side === 'buy' ? 'text-up' : 'text-down')}>
        {parent.side === 'buy' ? '▲ Buy' : '▼ Sell'}
      </Cell>
      <Cell className="whitespace-nowrap">{algorithmName(parent.type)}</Cell>
      <Cell>
        <span className="flex items-center gap-2">
          <span
            role="meter"
            aria-label={`Filled of ${parent.id}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
            className="relative h-1.5 min-w-14 flex-1 overflow-hidden rounded-[3px] bg-raised"
          >
            <span className="absolute inset-y-0 left-0 bg-accent" style={{ width: `${share * 100}%` }} />
          </span>
          <span className="shrink-0 text-right whitespace-nowrap">
            {quantityText(parent.instrument, parent.filled)} / {quantityText(parent.instrument, parent.quantity)}
          </span>
        </span>
      </Cell>
      <Cell
        className={cx(
          'whitespace-nowrap',
          parent.status === 'failed' ? 'font-semibold text-halt' : isActive(parent) ? '' : 'text-ink-2',
        )}
      >
        {parentState(parent.status)}
      </Cell>
      <td className="pr-1">
        <Actions parent={parent} />
      </td>
      <Cell right>{priceText(parent.instrument, parent.averagePrice)}</Cell>
      <Cell right>{parent.price === null ? 'any' : priceText(parent.instrument, parent.price)}</Cell>
      <Cell right>{parent.children.length}</Cell>
      <Cell
        right
        className="text-ink-2"
        title={parent.endsAt === null ? undefined : bothZones(parent.endedAt ?? parent.endsAt)}
      >
        {parent.endedAt !== null
          ? timeOf(parent.endedAt, zone)
          : parent.endsAt === null
            ? 'open'
            : timeOf(parent.endsAt, zone)}
      </Cell>
      <Cell className="whitespace-nowrap text-ink-2" title={bothZones(parent.startedAt)}>
        {timeOf(parent.startedAt, zone)}
      </Cell>
      <Cell className={cx('max-w-64 truncate', bad ? 'text-warn' : 'text-ink-2')} title={why}>
        {why}
      </Cell>
    </tr>
  );
}

/** Parent orders: what algorithms work now, how far they are, and what they wait for. */
export function ParentsPanel() {
  const { parents, problem } = useParents();
  const zone = useSettings((settings) => settings.zone);
  if (parents === null) {
    return problem === null ? (
      <Loading what="algorithms" />
    ) : (
      <Failed what="Algorithms cannot be read" stillSafe={problem} />
    );
  }
  if (parents.length === 0) {
    return (
      <Empty title="No parent orders" hint="Choose Algorithm in the ticket to have a large order worked in parts." />
    );
  }
  return (
    <div className="flex h-full flex-col">
      {problem === null ? null : <p className="px-2 py-1 text-warn">▲ Not up to date: {problem}</p>}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keys */}
      <div className="min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label="Parent orders shown">
        <PlainTable
          label="Parent orders"
          columns={[
            { name: 'Instrument' },
            { name: 'Side' },
            { name: 'Algorithm' },
            { name: 'Filled', width: '13rem' },
            { name: 'State' },
            { name: 'Actions', hidden: true },
            { name: 'Average', right: true },
            { name: 'Worst', right: true },
            { name: 'Orders', right: true },
            { name: 'Ends', right: true },
            { name: `Begun ${zone}` },
            { name: 'Why' },
          ]}
        >
          {parents.map((parent) => (
            <ParentRow key={parent.id} parent={parent} />
          ))}
        </PlainTable>
      </div>
    </div>
  );
}
