import { Menu } from '@base-ui/react/menu';
import type { ReactNode } from 'react';
import { useSettings, type Density, type Palette, type Theme } from '../settings/settings.ts';
import { resetLayout } from '../layout/workspace-api.ts';
import type { Zone } from '../format/time.ts';

const ITEM =
  'flex min-h-7 items-center gap-2 px-3 outline-none select-none data-[highlighted]:bg-hover data-[checked]:font-semibold';

interface ChoicesProps<T extends string> {
  readonly title: string;
  readonly value: T;
  readonly choices: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}

function Choices<T extends string>({ title, value, choices, onChange }: ChoicesProps<T>): ReactNode {
  return (
    <Menu.Group>
      <Menu.GroupLabel className="px-3 pt-2 pb-1 text-2xs font-semibold text-ink-2">{title}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
        {(Object.entries(choices) as [T, string][]).map(([key, label]) => (
          <Menu.RadioItem key={key} value={key} className={ITEM} closeOnClick={false}>
            <span className="w-3 text-accent" aria-hidden>
              {key === value ? '✓' : ''}
            </span>
            {label}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}

const THEMES: Record<Theme, string> = { dark: 'Dark', light: 'Light' };
const PALETTES: Record<Palette, string> = {
  'green-red': 'Green up, red down',
  'red-green': 'Red up, green down',
  'blue-orange': 'Blue up, orange down (colour-vision safe)',
};
const DENSITIES: Record<Density, string> = { compact: 'Compact', default: 'Default', comfortable: 'Comfortable' };
const ZONES: Record<Zone, string> = { IST: 'India (IST)', UTC: 'UTC', local: 'This computer' };

export function AppearanceMenu() {
  const { theme, palette, density, zone } = useSettings();
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger className="inline-flex h-7 items-center rounded-sm px-2 font-medium text-ink-2 hover:bg-hover hover:text-ink">
        View
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="z-50">
          <Menu.Popup className="w-72 rounded-sm border border-line-strong bg-raised pb-1 text-xs text-ink">
            <Choices
              title="Theme"
              value={theme}
              choices={THEMES}
              onChange={(next) => useSettings.setState({ theme: next })}
            />
            <Choices
              title="Prices"
              value={palette}
              choices={PALETTES}
              onChange={(next) => useSettings.setState({ palette: next })}
            />
            <Choices
              title="Rows"
              value={density}
              choices={DENSITIES}
              onChange={(next) => useSettings.setState({ density: next })}
            />
            <Choices
              title="Times"
              value={zone}
              choices={ZONES}
              onChange={(next) => useSettings.setState({ zone: next })}
            />
            <Menu.Separator className="my-1 h-px bg-line" />
            <Menu.Item className={ITEM} onClick={resetLayout}>
              <span className="w-3" aria-hidden />
              Reset layout
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
