import { useState } from 'react';
import { Field } from '../../controls/field.tsx';
import { Segmented } from '../../controls/segmented.tsx';
import { useWindow } from '../../desk/window-state.ts';
import { readTyped, signOf, trimZeros } from '../../format/decimal-text.ts';
import { money } from '../../format/money.ts';
import { Setting, SettingsGroup } from '../setting.tsx';
import { useSettings } from '../settings.ts';

const CONFIRMATIONS = [
  { value: 'review', label: 'Review' },
  { value: 'retype', label: 'Review and type the quantity' },
] as const;
const CLICKS = [
  { value: 'may-arm', label: 'May be armed' },
  { value: 'never', label: 'Never' },
] as const;

function OrderValue({ currency }: { readonly currency: string }) {
  const value = useSettings((settings) => settings.orderValue[currency] ?? '');
  const [typed, setTyped] = useState(value);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (text: string) => {
    setTyped(text);
    const { [currency]: _old, ...others } = useSettings.getState().orderValue;
    if (text.trim() === '') {
      setProblem(null);
      useSettings.setState({ orderValue: others });
      return;
    }
    const read = readTyped(text);
    if (read === null || signOf(read) <= 0) return setProblem('Type an amount above zero, or nothing.');
    if (!/^\d{1,15}(\.\d{1,8})?$/.test(read)) return setProblem('That is more digits than an order can have.');
    setProblem(null);
    useSettings.setState({ orderValue: { ...others, [currency]: trimZeros(read) } });
  };
  return (
    <Field
      label={value === '' ? `${currency}, none` : `${currency}, ${money(value, currency)}`}
      value={typed}
      onChange={take}
      unit={currency}
      placeholder="none"
      problem={problem}
      className="w-48"
    />
  );
}

export function TradingSection() {
  const { confirmTicket, clickTrading } = useSettings();
  const accounts = useWindow((state) => state.accounts);
  const currencies = [...new Set(accounts.map((account) => account.currency))].toSorted();
  return (
    <SettingsGroup title="Trading">
      <Setting
        title="Confirmation of an opening order"
        hint="The engine decides how much confirmation an order needs at least; here you can only ask for more. Orders that close a position stay quick."
      >
        <Segmented
          label="Confirmation of an opening order"
          value={confirmTicket}
          segments={CONFIRMATIONS}
          onChange={(next) => useSettings.setState({ confirmTicket: next })}
        />
      </Setting>
      <Setting
        title="Click trading in the depth ladder"
        hint="Off at every start in any case. With “Never” it cannot be armed at all."
      >
        <Segmented
          label="Click trading in the depth ladder"
          value={clickTrading}
          segments={CLICKS}
          onChange={(next) => useSettings.setState({ clickTrading: next })}
        />
      </Setting>
      <Setting
        title="Default order value"
        hint="The ticket starts with the quantity that is worth this much at the last price, rounded down to the instrument's step."
      >
        {currencies.length === 0 ? (
          <p className="text-ink-2">Currencies appear with the first account.</p>
        ) : (
          <div className="flex flex-wrap gap-3">
            {currencies.map((currency) => (
              <OrderValue key={currency} currency={currency} />
            ))}
          </div>
        )}
      </Setting>
    </SettingsGroup>
  );
}
