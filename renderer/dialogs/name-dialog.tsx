import { useState } from 'react';
import { Button } from '../controls/button.tsx';
import { Field } from '../controls/field.tsx';
import { DialogFrame } from './frame.tsx';

const LONGEST = 40;

interface NameDialogProps {
  readonly title: string;
  readonly first?: string;
  readonly taken: readonly string[];
  /** What happens to a name that is taken: null when it may not be used. */
  readonly replaces: string | null;
  /** Resolves to null when done, or to the sentence why not. */
  readonly onName: (name: string) => string | null;
  readonly onClose: () => void;
}

/** Asks for the name of a layout or a list. */
export function NameDialog({ title, first = '', taken, replaces, onName, onClose }: NameDialogProps) {
  const [typed, setTyped] = useState(first);
  const [problem, setProblem] = useState<string | null>(null);
  const name = typed.trim();
  const isTaken = name !== first && taken.includes(name);
  const submit = () => {
    if (name === '' || name.length > LONGEST) return setProblem(`Give it a name of at most ${LONGEST} characters.`);
    if (isTaken && replaces === null) return setProblem(`"${name}" exists already. Choose another name.`);
    const sentence = onName(name);
    if (sentence === null) onClose();
    else setProblem(sentence);
  };
  return (
    <DialogFrame title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label="Name"
          value={typed}
          onChange={setTyped}
          problem={problem}
          inputMode="text"
          className="[&_input]:text-left"
          autoFocus
        />
        {isTaken && replaces !== null ? <p className="text-warn">{replaces}</p> : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="accent">
            {isTaken && replaces !== null ? 'Replace' : 'Save'}
          </Button>
        </div>
      </form>
    </DialogFrame>
  );
}
