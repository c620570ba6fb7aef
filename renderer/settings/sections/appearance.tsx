import { Segmented } from '../../controls/segmented.tsx';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

const THEMES = [
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const;
const PALETTES = [
  { value: 'green-red', label: 'Green / red' },
  { value: 'red-green', label: 'Red / green' },
  { value: 'blue-orange', label: 'Blue / orange' },
] as const;
const DENSITIES = [
  { value: 'compact', label: 'Compact', title: '24 pixels' },
  { value: 'default', label: 'Default', title: '28 pixels' },
  { value: 'comfortable', label: 'Comfortable', title: '34 pixels' },
] as const;
const MOTIONS = [
  { value: 'system', label: 'As the system says' },
  { value: 'none', label: 'None' },
] as const;

const SAMPLE = [
  { name: 'BTC/USDT', last: '61,826.01', change: '▲ +1.24 %', side: 'text-up' },
  { name: 'RELIANCE', last: '2,941.55', change: '▼ −0.62 %', side: 'text-down' },
  { name: 'TCS', last: '4,120.00', change: '0.00 %', side: 'text-ink' },
] as const;

/** What the choices do, on rows as the tables have them. */
export function AppearanceSample() {
  return (
    <table className="w-full border border-line bg-panel text-left" aria-label="Sample of the looks">
      <tbody>
        {SAMPLE.map(({ name, last, change, side }) => (
          <tr key={name} className="h-[var(--row)] border-b border-line last:border-b-0">
            <th scope="row" className="px-2 font-semibold">
              {name}
            </th>
            <td className="px-2 text-right">{last}</td>
            <td className={`px-2 text-right font-medium ${side}`}>{change}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LookControls() {
  const { theme, palette, density } = useSettings();
  return (
    <>
      <Segmented
        label="Theme"
        value={theme}
        segments={THEMES}
        onChange={(next) => useSettings.setState({ theme: next })}
      />
      <Segmented
        label="Colours of up and down"
        value={palette}
        segments={PALETTES}
        onChange={(next) => useSettings.setState({ palette: next })}
      />
      <Segmented
        label="Height of rows"
        value={density}
        segments={DENSITIES}
        onChange={(next) => useSettings.setState({ density: next })}
      />
    </>
  );
}

export function AppearanceSection() {
  const { theme, palette, density, motion } = useSettings();
  return (
    <SettingsGroup title="Appearance">
      <Setting title="Theme">
        <Segmented
          label="Theme"
          value={theme}
          segments={THEMES}
          onChange={(next) => useSettings.setState({ theme: next })}
        />
      </Setting>
      <Setting
        title="Colours of up and down"
        hint="Blue and orange stay apart for every colour-vision deficiency. Signs and ▲▼ say the same without colour."
      >
        <Segmented
          label="Colours of up and down"
          value={palette}
          segments={PALETTES}
          onChange={(next) => useSettings.setState({ palette: next })}
        />
      </Setting>
      <Setting title="Height of rows" hint="Of every table. Nothing to click is ever smaller than 24 pixels.">
        <Segmented
          label="Height of rows"
          value={density}
          segments={DENSITIES}
          onChange={(next) => useSettings.setState({ density: next })}
        />
        <AppearanceSample />
      </Setting>
      <Setting title="Motion" hint="Without motion nothing flashes, pulses or slides; figures change in place.">
        <Segmented
          label="Motion"
          value={motion}
          segments={MOTIONS}
          onChange={(next) => useSettings.setState({ motion: next })}
        />
      </Setting>
    </SettingsGroup>
  );
}
