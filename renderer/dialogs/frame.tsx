import { Dialog } from '@base-ui/react/dialog';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button, type ButtonTone } from '../controls/button.tsx';
import { cx } from '../controls/cx.ts';

interface FrameProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** Below the top bar and not modal for assistive technology, so that HALT stays in sight and in reach for everybody. */
export function DialogFrame({ title, onClose, children, wide = false }: FrameProps) {
  return (
    <Dialog.Root
      open
      modal={false}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 top-12 z-50 bg-scrim" />
        <Dialog.Popup
          className={cx(
            'fixed top-24 left-1/2 z-50 flex max-h-[calc(100vh-140px)] -translate-x-1/2 flex-col gap-3 overflow-auto rounded-sm border border-line-strong bg-raised p-4 text-xs text-ink',
            wide ? 'w-[680px]' : 'w-[420px]',
          )}
        >
          <Dialog.Title className="text-sm font-semibold">{title}</Dialog.Title>
          {children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ConfirmProps extends FrameProps {
  readonly confirmLabel: string;
  readonly tone: ButtonTone;
  /** Resolves to null when done, or to the sentence why not. */
  readonly onConfirm: () => Promise<string | null>;
  readonly disabled?: boolean;
}

/** Focus on Cancel; confirmed by its labelled button, 400 ms after it appeared at the earliest, and only once. */
export function ConfirmDialog({
  confirmLabel,
  tone,
  onConfirm,
  onClose,
  children,
  disabled = false,
  ...frame
}: ConfirmProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const openedAt = useRef(0);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    openedAt.current = performance.now();
    cancel.current?.focus();
  }, []);
  const confirm = async () => {
    if (performance.now() - openedAt.current < 400) return;
    setBusy(true);
    const answer = await onConfirm();
    setBusy(false);
    if (answer === null) onClose();
    else setProblem(answer);
  };
  return (
    <DialogFrame {...frame} onClose={onClose}>
      {children}
      {problem === null ? null : (
        <p role="alert" className="font-semibold text-halt">
          {problem}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button ref={cancel} size="large" onClick={onClose}>
          Cancel
        </Button>
        <Button
          size="large"
          tone={tone}
          disabled={busy || disabled}
          onKeyDown={(event) => {
            if (event.repeat) event.preventDefault();
          }}
          onClick={() => void confirm()}
        >
          {busy ? 'Sending…' : confirmLabel}
        </Button>
      </div>
    </DialogFrame>
  );
}
