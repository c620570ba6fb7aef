import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { toast } from 'sonner';
import { NameDialog } from '../dialogs/name-dialog.tsx';
import { addToList, newList, removeFromList, removeList, renameList, useLists, type SymbolList } from './lists.ts';

const ITEM =
  'flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:text-ink-3';

interface ListMenuProps {
  readonly current: SymbolList | null;
  /** The chosen row, as id and as shown. */
  readonly symbol: { readonly id: string; readonly name: string } | null;
  readonly onList: (id: string | null) => void;
}

export function ListMenu({ current, symbol, onList }: ListMenuProps) {
  const lists = useLists((state) => state.lists);
  const [asking, setAsking] = useState<'new' | 'rename' | null>(null);
  const names = lists.map((list) => list.name);
  return (
    <>
      <Menu.Root modal={false}>
        <Menu.Trigger
          aria-label="Lists"
          className="inline-flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-2 hover:bg-hover hover:text-ink"
        >
          ⋯
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="z-50">
            <Menu.Popup className="w-60 rounded-sm border border-line-strong bg-raised py-1 text-xs text-ink">
              <Menu.Item className={ITEM} onClick={() => setAsking('new')}>
                New list…
              </Menu.Item>
              {current === null ? null : (
                <>
                  <Menu.Item className={ITEM} onClick={() => setAsking('rename')}>
                    Rename {current.name}…
                  </Menu.Item>
                  <Menu.Item
                    className={ITEM}
                    onClick={() => {
                      onList(null);
                      removeList(current.id);
                      toast(`List "${current.name}" deleted`, {
                        action: { label: 'Undo', onClick: () => onList(newList(current.name, current.symbols)) },
                      });
                    }}
                  >
                    Delete {current.name}
                  </Menu.Item>
                </>
              )}
              {symbol === null ? null : (
                <>
                  <Menu.Separator className="my-1 h-px bg-line" />
                  {lists
                    .filter((list) => list.id !== current?.id && !list.symbols.includes(symbol.id))
                    .map((list) => (
                      <Menu.Item key={list.id} className={ITEM} onClick={() => addToList(list.id, symbol.id)}>
                        Add {symbol.name} to {list.name}
                      </Menu.Item>
                    ))}
                  {current?.symbols.includes(symbol.id) === true ? (
                    <Menu.Item className={ITEM} onClick={() => removeFromList(current.id, symbol.id)}>
                      Remove {symbol.name} from {current.name} (Del)
                    </Menu.Item>
                  ) : null}
                </>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asking === null ? null : (
        <NameDialog
          title={asking === 'new' ? 'New list' : 'Rename the list'}
          {...(asking === 'rename' && current !== null ? { first: current.name } : {})}
          taken={[...names, 'All']}
          replaces={null}
          onName={(name) => {
            if (asking === 'new') onList(newList(name, symbol === null ? [] : [symbol.id]));
            else if (current !== null) renameList(current.id, name);
            return null;
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  );
}
