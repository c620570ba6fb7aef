import { Button } from '../controls/button.tsx';
import { useDesk } from '../desk/desk.ts';
import { showPanel } from '../layout/dock.ts';
import { openScreen } from '../screens/screen-state.ts';
import { useRowCount } from '../market/use-rows.ts';

export function AlertsButton() {
  const { alerts } = useDesk();
  const count = useRowCount(alerts);
  return (
    <Button
      tone="quiet"
      onClick={() => {
        openScreen('workspace');
        showPanel('alerts');
      }}
      title="Show the alerts"
    >
      Alerts
      <span className="rounded-sm bg-raised px-1.5 text-2xs font-semibold text-ink">{count}</span>
    </Button>
  );
}
