import { Segmented } from '../../controls/segmented.tsx';
import { useWindow } from '../../desk/window-state.ts';
import { money } from '../../format/money.ts';
import { dateTimeOf, zoneName, type Zone } from '../../format/time.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

const ZONES = [
  { value: 'IST', label: 'India (IST)' },
  { value: 'UTC', label: 'UTC' },
  { value: 'local', label: 'This computer' },
] as const;

const AMOUNTS = ['1234.5', '-98765.4', '12345678.9'];
const CURRENCIES = ['INR', 'USD', 'USDT'];

export function FormatsSection() {
  const zone = useSettings((settings) => settings.zone);
  const now = useWindow((state) => state.status?.now ?? null);
  return (
    <SettingsGroup title="Time and numbers">
      <Setting title="Time zone" hint="Of every clock and table. Point at a time to see the others.">
        <Segmented
          label="Time zone"
          value={zone}
          segments={ZONES}
          onChange={(next) => useSettings.setState({ zone: next })}
        />
        <table className="w-full text-left" aria-label="Now in each zone">
          <tbody>
            {(['IST', 'UTC', 'local'] satisfies Zone[]).map((each) => (
              <tr key={each} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-1 font-medium text-ink-2">
                  {zoneName(each)}
                </th>
                <td className="py-1 text-right">{now === null ? 'not known' : dateTimeOf(now, each)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Setting>
      <Setting
        title="Numbers"
        hint="Grouping follows the currency of the instrument, not the language: rupees count in lakh and crore, everything else in thousands. A typed 1,00,000 or 1.5k or 2 cr is understood in every field."
      >
        <table className="w-full text-right" aria-label="Amounts in each currency">
          <thead>
            <tr className="text-2xs text-ink-2">
              {CURRENCIES.map((currency) => (
                <th key={currency} scope="col" className="py-1 font-semibold">
                  {currency}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {AMOUNTS.map((amount) => (
              <tr key={amount} className="border-t border-line">
                {CURRENCIES.map((currency) => (
                  <td key={currency} className="py-1 pl-3 whitespace-nowrap">
                    {money(amount, currency, { sign: 'always' })}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Setting>
    </SettingsGroup>
  );
}
