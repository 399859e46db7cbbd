import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { SynthFailed } from './synth-failed.ts';

/** What decides about the template and the bundles in it. */
const SOURCES = ['infra', 'services', 'shared', 'package-lock.json', 'cdk.json'];
const NO_SOURCE = join('infra', 'local');
/** Earlier results stay for a while: another run may still be using them. */
const KEPT = 8;

const filesIn = (project: string, path: string): readonly string[] => {
  if (path === NO_SOURCE) return [];
  const stats = statSync(join(project, path), { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (!stats.isDirectory()) return [path];
  return readdirSync(join(project, path))
    .sort()
    .flatMap((name) => filesIn(project, join(path, name)));
};

type Settings = Readonly<Record<string, string>>;

const fingerprint = (project: string, settings: Settings): string => {
  const hash = createHash('sha256')
    .update(process.version)
    .update(JSON.stringify(Object.entries(settings).sort()));
  for (const path of SOURCES.flatMap((source) => filesIn(project, source))) {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(project, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 20);
};

const runApp = (project: string, settings: Settings, output: string): Promise<void> => {
  const { context } = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8')) as { context?: object };
  const env = {
    ...process.env,
    CDK_OUTDIR: output,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...settings, stage: 'dev' }),
  };
  return new Promise((resolve, reject) => {
    const app = spawn(process.execPath, [join('infra', 'app.ts')], {
      cwd: project,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaint = '';
    app.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    app.on('error', reject);
    app.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new SynthFailed(`the stack could not be synthesized:\n${complaint.trim()}`));
    });
  });
};

const dropOld = (folder: string): void => {
  const byAge = readdirSync(folder)
    .map((name) => ({ name, at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of byAge.slice(KEPT)) rmSync(join(folder, name), { recursive: true, force: true });
};

/**
 * The cloud assembly of the sources as they are now, with `settings` given as by `cdk -c`, from the cache if neither has changed; answers
 * its folder. Throws SynthFailed.
 */
export const synthesize = async (
  project: string,
  settings: Settings,
  onSynth: () => void,
): Promise<string> => {
  const folder = join(project, '.quotaline', 'synth');
  const result = join(folder, fingerprint(project, settings));
  if (existsSync(join(result, 'manifest.json'))) {
    utimesSync(result, new Date(), new Date());
    return result;
  }
  onSynth();
  // Made beside its place and moved there whole, so that an interrupted synth is never taken for a result.
  const draft = `${result}.${String(process.pid)}`;
  mkdirSync(folder, { recursive: true });
  await runApp(project, settings, draft);
  if (existsSync(result)) rmSync(draft, { recursive: true });
  else renameSync(draft, result);
  dropOld(folder);
  return result;
};
