import { mkdirSync, openSync, writeSync, fsyncSync, closeSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A file of JSON lines that holds what is about to be deleted. Made at the first line; readable by its owner alone. */
export class KeptCopy {
  readonly path: string;
  #file: number | undefined;

  /** `name` is the file’s, without its ending. */
  constructor(folder: string, name: string) {
    this.path = join(resolve(folder), `${name}.jsonl`);
  }

  /** On the disk when it returns. */
  keep(value: unknown): void {
    if (this.#file === undefined) {
      mkdirSync(resolve(this.path, '..'), { recursive: true, mode: 0o700 });
      this.#file = openSync(this.path, 'a', 0o600);
    }
    writeSync(this.#file, `${JSON.stringify(value)}\n`);
    fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** A file name that sorts by time: `metrics-facts-20261124T005500Z`. */
export const nameAt = (what: string, now: number): string =>
  `${what}-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
