import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type * as z from 'zod';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Where a long command has come to, in a file: a stopped one goes on there. */
export class Checkpoint<T> {
  readonly path: string;
  readonly #schema: z.ZodType<T>;

  /** `name` tells command, place and subject apart; it becomes a file name under .quotaline/ops. */
  constructor(name: string, schema: z.ZodType<T>) {
    this.path = resolve('.quotaline/ops', `${name.replace(/[^\w.]+/g, '-')}.json`);
    this.#schema = schema;
  }

  /** Undefined where there is none, or one that an older version of the command wrote. */
  read(): T | undefined {
    try {
      return this.#schema.safeParse(JSON.parse(readFileSync(this.path, 'utf8'))).data;
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** Whole or not at all, whenever the command ends. */
  write(state: T): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(`${this.path}.new`, JSON.stringify(state));
    renameSync(`${this.path}.new`, this.path);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
