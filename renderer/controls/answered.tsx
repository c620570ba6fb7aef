import type { ReactNode } from 'react';
import type { Answer } from '../connection/use-answer.ts';
import { Button } from './button.tsx';
import { Failed, Loading } from './states.tsx';

interface AnsweredProps<T> {
  readonly answer: Answer<T>;
  /** "the trades": after "Loading". */
  readonly what: string;
  readonly children: (value: T) => ReactNode;
}

/** What a question to the engine looks like while it is open, after it failed, and when its answer is an old one. */
export function Answered<T>({ answer, what, children }: AnsweredProps<T>) {
  const { value, problem, reload } = answer;
  if (value === null) {
    return problem === null ? (
      <Loading what={what} />
    ) : (
      <Failed
        what={`${what.slice(0, 1).toUpperCase()}${what.slice(1)} cannot be read`}
        stillSafe={problem}
        onRetry={reload}
      />
    );
  }
  return (
    <>
      {problem === null ? null : (
        <p role="status" className="flex items-center gap-2 px-3 py-1 text-warn">
          ▲ Not up to date: {problem}
          <Button size="small" tone="quiet" onClick={reload}>
            Retry
          </Button>
        </p>
      )}
      {children(value)}
    </>
  );
}
