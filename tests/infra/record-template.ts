// npm run template:record: takes the template's present shape and stateful resources as the wanted ones. A change that
// would replace or remove something stateful is recorded only when it is named: -- --accept <logical id> …
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { synthesized } from '../support/synthesized.ts';
import { losses, replacementPlan, type Resources, statefulOf } from './replacement.ts';
import { shapeOf } from './shape.ts';

const { positionals, values } = parseArgs({
  options: { accept: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const file = (name: string) => new URL(`recorded/${name}`, import.meta.url);

const statefulFile = file('stateful-prod.json');
const now = statefulOf(synthesized('prod'));
const before = existsSync(statefulFile) ? (JSON.parse(readFileSync(statefulFile, 'utf8')) as Resources) : {};
const lost = losses(before, now);
const accepted = values.accept ? positionals : [];
const refused = lost.filter((line) => !accepted.includes(line.split(':')[0] ?? ''));
for (const line of lost) console.error(`would be lost or left behind by a deployment: ${line}`);
if (refused.length > 0) {
  console.error(
    'Nothing is recorded. Where it is meant, and its data are safe: npm run template:record -- --accept <logical id> …',
  );
  process.exit(1);
}
writeFileSync(statefulFile, `${JSON.stringify(now, null, 2)}\n`);
writeFileSync(file('replacement-plan-prod.txt'), replacementPlan(now));
for (const stage of ['dev', 'prod']) writeFileSync(file(`shape-${stage}.txt`), shapeOf(synthesized(stage)));
console.log('Recorded in tests/infra/recorded: look at the difference before committing it.');
