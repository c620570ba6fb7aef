import type { AccountView } from '../../src/contract/types.ts';
import { Choice } from '../controls/choice.tsx';
import { useWindow } from '../desk/window-state.ts';

interface AccountChoiceProps {
  readonly account: AccountView;
  readonly onChange: (id: string) => void;
}

/** Which account a report is about. Reports never add paper and live, or two currencies. */
export function AccountChoice({ account, onChange }: AccountChoiceProps) {
  const accounts = useWindow((state) => state.accounts);
  return (
    <Choice
      label="Account of the report"
      value={account.id}
      options={accounts.map((each) => ({
        value: each.id,
        label: `${each.name} · ${each.kind === 'paper' ? 'PAPER' : 'LIVE'}`,
        detail: each.currency,
      }))}
      onChange={onChange}
      className="w-52"
    />
  );
}
