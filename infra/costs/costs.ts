// npm run costs: what a month of Quotaline costs, from measured units and list prices.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { measured } from './measured.ts';
import { CUSTOM_METRICS } from './custom-metrics.ts';
import { SIZES, costTable } from './table.ts';
import { stackFacts } from './stack-facts.ts';

const USAGE = `What a month of Quotaline costs, in US dollars: measured units times list prices.

  npm run costs                                  at ${SIZES.join(', ')} deals a year
  npm run costs -- --deals 50000,250000          at other sizes
  npm run costs -- --people 40 --reads 20        with your own number of people, of reports read per deal
  npm run costs -- --write                       into infra/costs/README.md

Prices: infra/costs/prices.ts. Units: infra/costs/measured.json, anew with npm run bench -- --only usage --keep.
`;

class BadOption extends Error {
  override readonly name = 'BadOption';
}

const numberOf = (name: string, text: string): number => {
  const value = Number(text.replaceAll('_', ''));
  if (!Number.isFinite(value) || value <= 0)
    throw new BadOption(`--${name} takes a number above 0, not “${text}”.`);
  return value;
};

const README = new URL('README.md', import.meta.url);
const BEGIN = '<!-- costs: written by npm run costs -- --write -->';
const END = '<!-- costs end -->';

const writeInto = async (table: string): Promise<void> => {
  const text = readFileSync(README, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new BadOption(`README.md has lost its ${BEGIN} … ${END}.`);
  const config = await resolveConfig(fileURLToPath(README));
  const written = `${before}${BEGIN}\n\n${table}\n${END}${after}`;
  writeFileSync(README, await format(written, { ...config, parser: 'markdown' }));
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      deals: { type: 'string' },
      people: { type: 'string' },
      reads: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const sizes = values.deals?.split(',').map((text) => numberOf('deals', text.trim())) ?? SIZES;
  const table = costTable(measured(), stackFacts(CUSTOM_METRICS), sizes, {
    ...(values.people !== undefined && { people: numberOf('people', values.people) }),
    ...(values.reads !== undefined && { readsPerDeal: numberOf('reads', values.reads) }),
  });
  if (values.write) await writeInto(costTable(measured(), stackFacts(CUSTOM_METRICS)));
  console.log(table);
};

try {
  await main();
} catch (error) {
  const isMistake = error instanceof BadOption || (error instanceof TypeError && 'code' in error);
  console.error(isMistake ? `${error.message}\n\n${USAGE}` : error);
  process.exitCode = isMistake ? 2 : 1;
}
