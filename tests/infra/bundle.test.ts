import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundle, functionEntries } from '../../infra/bundle.ts';
import { at, flat, ofType, synthesized } from '../support/synthesized.ts';

const megabytes = (file: string): number => statSync(file).size / 1_000_000;

/** Every file of the folder with a hash of its bytes. */
const fingerprint = (folder: string): readonly string[] =>
  globSync('**/*.*', { cwd: folder })
    .sort()
    .map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(path.join(folder, file)))
          .digest('hex')}`,
    );

/** The environment that the stack gives a function, by the function's name in the bundles. */
const environments = (): ReadonlyMap<string, Record<string, string>> =>
  new Map(
    ofType(synthesized('prod'), 'AWS::Lambda::Function').map(([, { Properties }]) => [
      flat(Properties.FunctionName).replace('quotaline-prod-', ''),
      Object.fromEntries(
        Object.entries(at(Properties, 'Environment', 'Variables') ?? {}).map(([name, value]) => [
          name,
          flat(value),
        ]),
      ),
    ]),
  );

/** What a cold start exports as `handler`, as its type; the error's message when it fails. */
const coldStart = async (module: string, environment: Record<string, string>): Promise<string> => {
  const code = `import(${JSON.stringify(pathToFileURL(module).href)})
    .then(({ handler }) => typeof handler, (error) => error.message)
    .then((outcome) => require('node:worker_threads').parentPort.postMessage(outcome));`;
  const worker = new Worker(code, { eval: true, env: { ...environment, AWS_REGION: 'eu-west-1' } });
  try {
    return await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  } finally {
    await worker.terminate();
  }
};

const temporary = () => path.join(mkdtempSync(path.join(tmpdir(), 'quotaline-bundles-')), 'bundles');

describe('the bundles', () => {
  const folder = temporary();
  let folderOf: (name: string) => string = () => '';

  beforeAll(() => {
    folderOf = bundle(folder);
  });

  it('hold one module per function, small enough to start fast', () => {
    for (const name of functionEntries().keys()) {
      expect(megabytes(path.join(folderOf(name), 'index.mjs')), name).toBeLessThan(2.5);
    }
  });

  it('await nothing at the top, for older hosts of such modules load them synchronously', () => {
    for (const name of functionEntries().keys()) {
      expect(readFileSync(path.join(folderOf(name), 'index.mjs'), 'utf8')).not.toMatch(
        /^\s*(const \w+\s*=\s*)?await /m,
      );
    }
  });

  it('carry what the platform function serves', () => {
    const read = (name: string) => readFileSync(path.join(folderOf('platform'), name), 'utf8');
    expect(JSON.parse(read('openapi.json'))).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./) as unknown,
    });
    expect(JSON.parse(read('routes.json'))).toEqual(
      expect.arrayContaining(['GET /health', 'GET /v1/deals', 'POST /v1/webhooks/{storeId}']),
    );
    expect(read('swagger-ui.css')).not.toBe('');
    expect(read('swagger-ui-bundle.js')).not.toBe('');
  });

  it('start with the environment that the stack gives them', async () => {
    for (const [name, environment] of environments()) {
      const publicUrl = environment.PUBLIC_URL === undefined ? {} : { PUBLIC_URL: 'https://api.example.com' };
      const outcome = await coldStart(path.join(folderOf(name), 'index.mjs'), {
        ...environment,
        ...publicUrl,
      });
      expect(`${name}: ${outcome}`).toBe(`${name}: function`);
    }
  });

  it('are the same, byte for byte, when made again', () => {
    const again = temporary();
    bundle(again);
    expect(fingerprint(again)).toEqual(fingerprint(folder));
  });

  it('name a function that is not there', () => {
    expect(() => folderOf('deals-telepathy')).toThrow('No function is bundled as deals-telepathy');
  });
});
