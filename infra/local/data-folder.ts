import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another run holds the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

const LOCK = 'run.lock';

export interface DataFolder {
  readonly path: string;
  release(): void;
}

/**
 * Takes a data folder for this process, emptied first if `fresh`. The lock is SQLite's, which the system releases however
 * the process ends. Throws FolderInUse.
 */
export const takeFolder = (path: string, fresh: boolean): DataFolder => {
  mkdirSync(path, { recursive: true });
  const lock = new DatabaseSync(join(path, LOCK));
  try {
    lock.exec('PRAGMA busy_timeout = 1000; BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new FolderInUse(`another local run uses ${path}: stop it, or take another folder with --data`);
  }
  if (fresh) {
    for (const name of readdirSync(path))
      if (!name.startsWith(LOCK)) rmSync(join(path, name), { recursive: true, force: true });
  }
  return {
    path,
    release: () => {
      lock.close();
    },
  };
};
