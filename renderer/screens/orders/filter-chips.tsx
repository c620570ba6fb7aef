import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import type { OrderView } from '../../../src/contract/types.ts';
import { nameOf } from '../../blotter/cells.ts';
import { Button } from '../../controls/button.tsx';
import { useWindow } from '../../desk/window-state.ts';
import type { RowStore } from '../../market/row-store.ts';
import { choicesOf, FIELD_TITLES, FILTER_FIELDS, type FilterField, type OrderFilter } from './order-filter.ts';

interface FilterChipsProps {
  readonly store: RowStore<OrderView>;
  readonly filter: OrderFilter;
  readonly onChange: (filter: OrderFilter) => void;
}

function labelOf(field: FilterField, value: string): string {
  if (field === 'instrument') return nameOf(value);
  if (field === 'account') return useWindow.getState().accounts.find(({ id }) => id === value)?.name ?? value;
  return value.slice(0, 1).toUpperCase() + value.slice(1);
}

function without(filter: OrderFilter, field: FilterField): OrderFilter {
  const { [field]: _gone, ...others } = filter;
  return others;
}

const ITEM = 'flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[highlighted]:bg-hover';

/** Each condition is a chip that says itself and goes at a press. */
export function FilterChips({ store, filter, onChange }: FilterChipsProps) {
  const [choices, setChoices] = useState(() => choicesOf([], filter));
  const active = FILTER_FIELDS.filter((field) => filter[field] !== undefined);
  return (
    <div role="group" aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1">
      {active.map((field) => (
        <button
          key={field}
          type="button"
          aria-label={`${FIELD_TITLES[field]}: ${labelOf(field, filter[field] ?? '')} × remove`}
          onClick={() => onChange(without(filter, field))}
          className="inline-flex h-6 items-center gap-1.5 rounded-sm border border-accent bg-raised px-2 whitespace-nowrap hover:bg-hover"
        >
          <span className="text-ink-2">{FIELD_TITLES[field]}:</span>
          <span className="font-semibold">{labelOf(field, filter[field] ?? '')}</span>
          <span aria-hidden>×</span>
        </button>
      ))}
      <Menu.Root
        modal={false}
        onOpenChange={(open) => {
          if (open) setChoices(choicesOf(store.rows(), filter));
        }}
      >
        <Menu.Trigger className="inline-flex h-6 items-center rounded-sm border border-line-strong px-2 text-ink-2 hover:bg-hover hover:text-ink">
          + Filter
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="z-50">
            <Menu.Popup className="max-h-[60vh] w-56 overflow-auto rounded-sm border border-line-strong bg-raised pb-1 text-xs text-ink">
              {FILTER_FIELDS.map((field) => (
                <Menu.Group key={field}>
                  <Menu.GroupLabel className="px-3 pt-2 pb-1 text-2xs font-semibold text-ink-2">
                    {FIELD_TITLES[field]}
                  </Menu.GroupLabel>
                  {choices[field].map((value) => (
                    <Menu.Item key={value} className={ITEM} onClick={() => onChange({ ...filter, [field]: value })}>
                      <span className="w-3 text-accent" aria-hidden>
                        {filter[field] === value ? '✓' : ''}
                      </span>
                      {labelOf(field, value)}
                    </Menu.Item>
                  ))}
                </Menu.Group>
              ))}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {active.length > 1 ? (
        <Button size="small" tone="quiet" onClick={() => onChange({})}>
          Clear all
        </Button>
      ) : null}
    </div>
  );
}
