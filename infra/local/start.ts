import { enableCompileCache } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderInUse, takeFolder } from './data-folder.ts';
import { tokenCommand } from './index-page.ts';
import { BadOptions, readOptions, USAGE, type Options } from './options.ts';
import { listen, PortInUse } from './server.ts';
import { NotRunLocally } from './not-run-locally.ts';
import { SynthFailed } from './synth-failed.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const codeCache = join(project, '.quotaline', 'code-cache');

const warn = (text: string): void => console.error(`warning: ${text}`);

const greeting = (url: string, folder: string, seconds: number): string => `
Quotaline is ready after ${seconds.toFixed(1)} s:  ${url}

  interface   ${url}/docs
  inbox       ${url}/_local/inbox
  all pages   ${url}/_local
  data        ${relative(process.cwd(), folder) || '.'}  (functions' logs: functions.log)
  token       ${tokenCommand(url, 'local-admin')}

Stop with Ctrl-C; the data stay.`;

const run = async ({ port, folder, fresh, keepHistory, context }: Options): Promise<void> => {
  const started = performance.now();
  const data = takeFolder(folder, fresh);
  const server = await listen(port, (error) =>
    warn(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  const url = `http://localhost:${String(server.port)}`;
  console.log(`Quotaline starts on ${url} …`);
  // Loaded only now, so that a mistyped flag or a taken port is told at once.
  const [{ synthesize }, { Template }, { readStack }, { Runner }] = await Promise.all([
    import('./synthesize.ts'),
    import('./template.ts'),
    import('./stack.ts'),
    import('./runner.ts'),
  ]);
  const assembly = await synthesize(project, context, () =>
    console.log('Synthesizing the stack: the sources are new, this takes a while …'),
  );
  const stack = readStack(Template.read(assembly, url));
  const runner = await Runner.start({ stack, folder: data.path, codeCache, url, keepHistory, warn });
  server.serve(runner);
  console.log(greeting(url, data.path, (performance.now() - started) / 1000));
  if (runner.clock.isMoved())
    warn(`the clock was moved: functions see ${new Date(runner.clock.now()).toISOString()}`);
  const paused = runner.paused();
  if (paused !== undefined)
    warn(
      `${String(paused.mappings)} mappings are switched off, and ${String(paused.messages)} messages wait: npm run ops -- resume <service> --local ${url}`,
    );
  const dead = runner.queues.deadLetters().length;
  if (dead > 0) warn(`${String(dead)} messages lie in dead-letter queues: ${url}/_local/dead-letters`);

  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    console.log('Stopping …');
    server.close();
    void runner.stop().then(() => {
      data.release();
      process.exit(0);
    });
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
};

/** Mistakes that the reader of the message can correct; of anything else the stack trace is worth having. */
const isExpected = (error: unknown): error is Error =>
  [BadOptions, FolderInUse, PortInUse, NotRunLocally, SynthFailed].some((kind) => error instanceof kind);

// Lambda's functions see UTC wherever they run.
process.env.TZ = 'UTC';
enableCompileCache(codeCache);
try {
  const options = readOptions(process.argv.slice(2), project);
  if (options.help) console.log(USAGE);
  else await run(options);
} catch (error) {
  if (error instanceof BadOptions) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(isExpected(error) ? error.message : error);
  process.exit(isExpected(error) ? 2 : 1);
}
