import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../..');

/** The commit to upgrade from can't be had; the message says what to do. */
export class NoPreviousCommit extends Error {
  override readonly name = 'NoPreviousCommit';
}

const commitOf = async (revision: string): Promise<string> => {
  if (!existsSync(path.join(root, '.git')))
    throw new NoPreviousCommit(
      'There is no history here to upgrade from: clone the repository with git, with at least two commits.',
    );
  try {
    const { stdout } = await run('git', ['rev-parse', '--verify', `${revision}^{commit}`], { cwd: root });
    return stdout.trim();
  } catch (error) {
    throw new NoPreviousCommit(
      `${revision} is not in this clone's history: get it with git fetch --deepen=1 (or --unshallow), or name another commit with UPGRADE_FROM=<commit>.`,
      { cause: error },
    );
  }
};

const sameFile = (name: string, folder: string): boolean =>
  readFileSync(path.join(root, name), 'utf8') === readFileSync(path.join(folder, name), 'utf8');

/** Trees with packages of their own are large: the one in use stays, and the one before it. */
const KEPT = 2;

const dropOld = async (trees: string): Promise<void> => {
  const byAge = readdirSync(trees)
    .map((name) => path.join(trees, name))
    .toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const tree of byAge.slice(KEPT)) await rm(tree, { recursive: true, force: true });
};

/**
 * The tree of the commit before this one, or of `UPGRADE_FROM`, ready to run: its sources in a folder of their own, with this
 * tree's packages where it locks the same ones. Throws NoPreviousCommit.
 */
export const previousCommit = async (): Promise<{ readonly commit: string; readonly folder: string }> => {
  const commit = await commitOf(process.env.UPGRADE_FROM ?? 'HEAD~1');
  const folder = path.join(root, '.quotaline', 'upgrade', commit);
  if (existsSync(folder)) return { commit, folder };
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  const archive = path.join(unfinished, 'tree.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: root });
  await run('tar', ['-xf', archive, '-C', unfinished]);
  await rm(archive);
  if (sameFile('package-lock.json', unfinished))
    await symlink(path.join(root, 'node_modules'), path.join(unfinished, 'node_modules'));
  else await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: unfinished });
  await rename(unfinished, folder);
  await dropOld(path.dirname(folder));
  return { commit, folder };
};
