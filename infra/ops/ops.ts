import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../.quotaline/code-cache', import.meta.url)));
// Loaded only now, so that the cache holds them.
const [{ commands }, { run }] = await Promise.all([import('./commands.ts'), import('./run.ts')]);

const interrupted = new AbortController();
process.on('SIGINT', () => {
  // The second time somebody means it.
  if (interrupted.signal.aborted) process.exit(130);
  console.error('Stopping after what is under way … (Ctrl-C again ends at once)');
  interrupted.abort();
});

process.exitCode = await run(process.argv.slice(2), commands, {
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  signal: interrupted.signal,
});
