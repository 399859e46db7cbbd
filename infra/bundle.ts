import { copyFileSync, globSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildSync, type BuildOptions } from 'esbuild';
import { openApiDocument, routeKeysOf } from '../shared/http/openapi.ts';
import { services } from './services.ts';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);

/** Functions that belong to no service. */
const PLATFORM = 'shared/http/functions/platform.ts';
const CANARY = 'infra/canary/canary.ts';

/** Every function's entry by the name of its bundle: `deals-api` → `services/deals/functions/api.ts`. */
export const functionEntries = (): ReadonlyMap<string, string> => {
  const files = globSync('services/*/functions/*.{ts,tsx}', { cwd: root }).sort();
  const entries = files.map((file) => {
    const [, service, , name] = file.split(path.sep);
    return [`${service ?? ''}-${path.parse(name ?? '').name}`, file] as const;
  });
  return new Map([...entries, ['platform', PLATFORM], ['canary', CANARY]]);
};

/** What the platform function serves: written from the very routes that the gateway gets. */
const writePlatformFiles = (folder: string): void => {
  const tables = services.map(({ name, routes }) => ({ service: name, routes }));
  writeFileSync(path.join(folder, 'openapi.json'), JSON.stringify(openApiDocument(tables)));
  writeFileSync(path.join(folder, 'routes.json'), JSON.stringify(routeKeysOf(tables)));
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    copyFileSync(require.resolve(`swagger-ui-dist/${file}`), path.join(folder, file));
  }
};

/** How code becomes a bundle. Whatever is compared with one is bundled in the same way. */
export const bundling = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  // So that a stack trace in a log still says which rule failed.
  keepNames: true,
  legalComments: 'none',
  charset: 'utf8',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  // Some dependencies are CommonJS and require Node's own modules.
  banner: {
    js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);`,
  },
  logLevel: 'error',
} as const satisfies BuildOptions;

/**
 * Bundles every function into `<out>/<service>-<function>/index.mjs`, dependencies and SDK included. The same
 * sources give the same bytes. Throws on a source that doesn't compile and on a function without a `handler`.
 */
export const bundle = (out = path.join(root, '.quotaline', 'bundles')): ((name: string) => string) => {
  const entries = functionEntries();
  rmSync(out, { recursive: true, force: true });
  const { metafile } = buildSync({
    ...bundling,
    absWorkingDir: root,
    entryPoints: [...entries].map(([name, file]) => ({ in: file, out: `${name}/index` })),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    metafile: true,
  });
  for (const { entryPoint, exports } of Object.values(metafile.outputs)) {
    if (!exports.includes('handler')) throw new Error(`${entryPoint ?? 'A function'} exports no handler`);
  }
  writePlatformFiles(path.join(out, 'platform'));
  return (name) => {
    if (!entries.has(name)) throw new Error(`No function is bundled as ${name}: is its file in functions/?`);
    return path.join(out, name);
  };
};
