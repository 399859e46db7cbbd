// Runs dependency-cruiser and fails when it saw too little: with a compiler it can't read it would pass on nothing.
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { createRequire } from 'node:module';

const FEWEST_MODULES = 100;
const rules = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const result = await cruise(
  ['infra', 'services', 'shared'],
  { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true, outputType: 'err' },
  undefined,
  { tsConfig: extractTSConfig('tsconfig.json') },
);
console.log(result.output);
const json = await cruise(
  ['infra', 'services', 'shared'],
  { ...rules.options, outputType: 'json' },
  undefined,
  {
    tsConfig: extractTSConfig('tsconfig.json'),
  },
);
const seen = JSON.parse(json.output).modules.filter((module) => /\.tsx?$/.test(module.source)).length;
console.log(`${String(seen)} TypeScript modules seen`);
if (seen < FEWEST_MODULES) {
  console.error(
    `dependency rules: only ${String(seen)} modules seen, expected at least ${String(FEWEST_MODULES)}`,
  );
  process.exitCode = 1;
}
if (result.exitCode !== 0) process.exitCode = 1;
