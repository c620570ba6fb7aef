import { statSync } from 'node:fs';
import type { Clock } from '../../clock/clock.ts';

const LOOK_EVERY_MS = 250;

interface WatchedFile {
  readonly path: string;
  readonly onChange: () => void;
}

/**
 * Notices when files of the data folder were changed from outside. A look at four a second costs microseconds and, other
 * than the notifications of the operating systems, works on every file system.
 */
export class FileWatch {
  readonly #clock: Clock;
  readonly #files: readonly WatchedFile[];
  readonly #onFault: (error: unknown) => void;
  readonly #seen = new Map<string, string>();
  #cancel: (() => void) | null = null;
  #stopped = false;

  constructor(clock: Clock, files: readonly WatchedFile[], onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#files = files;
    this.#onFault = onFault;
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
      try {
        onChange();
      } catch (error) {
        // The next look must come whatever this one has met.
        this.#onFault(error);
      }
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

/** A file that cannot be looked at has changed, too: whoever reads it decides what that means. */
function markOf(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
  } catch {
    return 'unreadable';
  }
}
