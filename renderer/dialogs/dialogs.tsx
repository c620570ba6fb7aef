import { CloseDialog } from './close-dialog.tsx';
import { closeDialog, useDialog } from './dialog-state.ts';
import { ModifyDialog, ProtectDialog } from './modify-dialog.tsx';
import { TimelineDialog } from './timeline-dialog.tsx';

export function Dialogs() {
  const dialog = useDialog((state) => state.dialog);
  switch (dialog.kind) {
    case 'none':
      return null;
    case 'close':
      return <CloseDialog position={dialog.position} onClose={closeDialog} />;
    case 'modify':
      return <ModifyDialog order={dialog.order} field={dialog.field} to={dialog.to} onClose={closeDialog} />;
    case 'protect':
      return <ProtectDialog position={dialog.position} field={dialog.field} to={dialog.to} onClose={closeDialog} />;
    case 'timeline':
      return <TimelineDialog orderId={dialog.orderId} onClose={closeDialog} />;
  }
}
