import { statSync } from 'node:fs';
import type { Clock } from '../../clock/clock.ts';

const LOOK_EVERY_MS = 250;

/**
 * Notices when files of the data folder were changed from outside. A look at four a second costs microseconds and, other
 * than the notifications of the operating systems, works on every file system.
 */
export class FileWatch {
  readonly #clock: Clock;
  readonly #files: readonly { readonly path: string; readonly onChange: () => void }[];
  readonly #seen = new Map<string, string>();
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(clock: Clock, files: readonly { readonly path: string; readonly onChange: () => void }[]) {
    this.#clock = clock;
    this.#files = files;
    for (const { path } of files) this.#seen.set(path, markOf(path));
    this.#arm();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  look(): void {
    for (const { path, onChange } of this.#files) {
      const mark = markOf(path);
      if (mark === this.#seen.get(path)) continue;
      this.#seen.set(path, mark);
      onChange();
    }
  }

  #arm(): void {
    if (this.#stopped) return;
    this.#cancel = this.#clock.setTimer(this.#clock.now() + LOOK_EVERY_MS, () => {
      this.look();
      this.#arm();
    });
  }
}

function markOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
}
