import { Button } from '../controls/button.tsx';

interface NoteFieldProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** With the text to place, or null when given up. */
  readonly onDone: (text: string | null) => void;
}

/** The words of a note come first; the press on the chart that follows places it. */
export function NoteField({ text, onText, onDone }: NoteFieldProps) {
  return (
    <form
      className="flex h-8 shrink-0 items-center gap-1 border-b border-line px-2"
      onSubmit={(event) => {
        event.preventDefault();
        onDone(text.trim() === '' ? null : text.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone(null);
      }}
    >
      <input
        // The user has just asked for it.
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        value={text}
        maxLength={80}
        aria-label="Text of the note"
        placeholder="Text of the note"
        onChange={(event) => onText(event.target.value)}
        className="h-6 min-w-0 flex-1 rounded-sm border border-line-strong bg-canvas px-2 text-xs text-ink placeholder:text-ink-3"
      />
      <Button size="small" tone="accent" type="submit">
        Place it
      </Button>
      <Button size="small" tone="quiet" onClick={() => onDone(null)}>
        Cancel
      </Button>
    </form>
  );
}
