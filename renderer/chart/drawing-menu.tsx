import { Menu } from '@base-ui/react/menu';
import { DRAWING_TOOL_NAMES, DRAWING_TOOLS, type DrawingTool } from './drawings.ts';

const ITEM =
  'flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[highlighted]:bg-hover data-[disabled]:text-ink-3';

interface DrawingMenuProps {
  readonly tool: DrawingTool | null;
  readonly magnet: boolean;
  readonly count: number;
  readonly selected: boolean;
  readonly onTool: (tool: DrawingTool | null) => void;
  readonly onMagnet: (magnet: boolean) => void;
  readonly onDelete: () => void;
  readonly onClear: () => void;
}

/** Tools, and what can be done to the drawings of this symbol. */
export function DrawingMenu(props: DrawingMenuProps) {
  const { tool, magnet, count, selected, onTool, onMagnet, onDelete, onClear } = props;
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger
        className={`inline-flex h-6 shrink-0 items-center rounded-sm px-2 text-xs font-medium whitespace-nowrap hover:bg-hover hover:text-ink ${tool === null ? 'text-ink-2' : 'bg-accent text-on-accent'}`}
      >
        {tool === null ? `Draw ${count === 0 ? '' : count}` : DRAWING_TOOLS[tool]}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="start" className="z-50">
          <Menu.Popup className="w-56 rounded-sm border border-line-strong bg-raised py-1 text-xs text-ink">
            {DRAWING_TOOL_NAMES.map((name) => (
              <Menu.Item key={name} className={ITEM} onClick={() => onTool(name)}>
                {DRAWING_TOOLS[name]}
              </Menu.Item>
            ))}
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.CheckboxItem className={ITEM} checked={magnet} onCheckedChange={onMagnet} closeOnClick={false}>
              <span className="w-3 text-accent" aria-hidden>
                {magnet ? '✓' : ''}
              </span>
              Snap to candles
            </Menu.CheckboxItem>
            <Menu.Item className={ITEM} disabled={tool === null} onClick={() => onTool(null)}>
              Put the tool down (Esc)
            </Menu.Item>
            <Menu.Item className={ITEM} disabled={!selected} onClick={onDelete}>
              Delete the selected drawing (Del)
            </Menu.Item>
            <Menu.Item className={ITEM} disabled={count === 0} onClick={onClear}>
              Delete all {count} drawings
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
