import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Benchmark, Outcome } from './benchmark.ts';
import { capacityPerDeal } from './capacity-per-deal.ts';
import { coldStarts } from './cold-starts.ts';
import { handlerOverhead } from './handler-overhead.ts';
import { csvReader, importRows } from './import-rows.ts';
import { latency } from './latency.ts';
import { machine } from './machine.ts';
import { realPipeline } from './real-pipeline.ts';
import { type Result, resultText, writeReport } from './report.ts';
import { throughput } from './throughput.ts';
import { usagePerDeal } from './usage-per-deal.ts';

const benchmarks: readonly Benchmark[] = [
  throughput,
  latency,
  handlerOverhead,
  coldStarts,
  capacityPerDeal,
  usagePerDeal,
  csvReader,
  importRows,
  realPipeline,
];

const USAGE = `Measures the whole system on this machine. A wrong outcome fails; time never does.

  npm run bench                                all of it, about five minutes
  npm run bench -- --only ${benchmarks[0]?.name ?? ''},${benchmarks[1]?.name ?? ''}
  npm run bench -- --json <file>               where the figures go (default bench-results/latest.json)
  npm run bench -- --only usage --keep         replaces the figures that npm run costs goes by

Benchmarks: ${benchmarks.map(({ name }) => name).join(', ')}
`;

const root = path.resolve(import.meta.dirname, '../..');

const chosen = (only: string | undefined): readonly Benchmark[] => {
  const names = only?.split(',').map((name) => name.trim()) ?? benchmarks.map(({ name }) => name);
  return names.map((name) => {
    const found = benchmarks.find((benchmark) => benchmark.name === name);
    if (found === undefined) throw new Error(`There is no benchmark ${name}.\n\n${USAGE}`);
    return found;
  });
};

/** What has been started and not yet stopped. */
const running: (() => Promise<void> | void)[] = [];
const stopAll = async (): Promise<void> => {
  for (let stop = running.pop(); stop !== undefined; stop = running.pop()) await stop();
};

const runOne = async ({ name, title, run }: Benchmark, isKept: boolean): Promise<Result> => {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const tell = (text: string) => console.log(`  ${seconds().toFixed(0).padStart(3)} s  ${text}`);
  console.log(`\n${name} …`);
  let outcome: Outcome & { readonly failure?: string };
  try {
    outcome = await run({
      tell,
      onEnd: (stop) => running.push(stop),
      keep(file, figures) {
        if (!isKept) return;
        writeFileSync(path.resolve(root, file), `${JSON.stringify(figures, null, 2)}\n`);
        tell(`kept in ${file}`);
      },
    });
  } catch (error) {
    outcome = {
      figures: [],
      failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  } finally {
    await stopAll();
  }
  return { name, title, seconds: seconds(), ...outcome };
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const at = new Date().toISOString();
  const about = machine();
  console.log(`${about.cpus} × ${about.cpuModel}, ${about.memoryMb} MB, Node ${about.node}`);
  const results: Result[] = [];
  for (const benchmark of chosen(values.only)) {
    const result = await runOne(benchmark, values.keep);
    results.push(result);
    console.log(`\n${resultText(result)}`);
  }
  const file = path.resolve(root, values.json ?? path.join('bench-results', 'latest.json'));
  writeReport(file, { at, machine: about, results });
  console.log(`\nFigures: ${path.relative(process.cwd(), file)}`);
  if (results.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('\nStopping what was started …');
    void stopAll().finally(() => process.exit(130));
  });
}
try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
