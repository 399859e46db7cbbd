import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { startLocalRun } from '../support/local-run.ts';
import { type Bench, type Benchmark, expectOutcome, type Outcome } from './benchmark.ts';
import { cpuSeconds, machineCpuSeconds, residentMb } from './machine.ts';
import { timed } from './sample.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/pipeline/', import.meta.url));
const GOAL_SECONDS = 90;
const GOAL_MB = 600;

const Expected = z.object({ overall: z.object({ won: z.number(), lost: z.number() }) });
const Count = z.object({ value: z.number().nullable() });
const Answer = z.object({ kpis: z.object({ wonDeals: Count, lostDeals: Count }) });

/** The table engine below the runner, which starts it through a shell. */
const engineOf = (runner: number): number | undefined => {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          return [
            Number(pid),
            {
              name: /^Name:\s+(\S+)/m.exec(status)?.[1],
              parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]),
            },
          ] as const;
        } catch {
          return [Number(pid), { name: undefined, parent: 0 }] as const; // it ended meanwhile
        }
      }),
  );
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)?.parent ?? 0;
    return parent === runner || (parent > 1 && isBelow(parent));
  };
  return [...parents].find(([pid, { name }]) => name === 'dynoxide' && isBelow(pid))?.[0];
};

const run = async (bench: Bench): Promise<Outcome> => {
  if (!existsSync(DATA))
    return { figures: [], notes: [`Left out: the files are not on this machine (${DATA}).`] };
  const { importPipeline } = await import('../real-data/pipeline-import.ts');
  const system = await startLocalRun();
  bench.onEnd(() => system.stop());
  const engine = engineOf(system.pid) ?? 0;
  bench.tell('importing members, products and accounts');
  await importPipeline(system, ['members', 'products', 'accounts']);
  bench.tell('importing 8,800 deals');
  const before = { runner: cpuSeconds(system.pid), engine: cpuSeconds(engine), machine: machineCpuSeconds() };
  const { ms, answer } = await timed(() => importPipeline(system, ['deals']));
  const runnerCpu = cpuSeconds(system.pid) - before.runner;
  const engineCpu = cpuSeconds(engine) - before.engine;
  const otherCpu = machineCpuSeconds() - before.machine - runnerCpu - engineCpu;
  const { created, rejected } = answer.deals;
  expectOutcome('deals created', { created, rejected }, { created: 8800, rejected: 0 });
  expectOutcome('dead letters', await system.deadLetters(), []);
  const { overall } = Expected.parse(JSON.parse(readFileSync(`${DATA}expected.json`, 'utf8')));
  const metrics = await system.request('GET', '/v1/metrics?scope=org&period=2017&kpis=wonDeals,lostDeals');
  const { wonDeals, lostDeals } = Answer.parse(metrics.body).kpis;
  expectOutcome('metrics', [wonDeals.value, lostDeals.value], [overall.won, overall.lost]);
  return {
    figures: [
      {
        subject: 'deals file',
        name: 'upload to idle',
        value: ms / 1000,
        unit: 's',
        goal: { atMost: GOAL_SECONDS },
      },
      { subject: 'deals file', name: 'rate', value: 8800 / (ms / 1000), unit: 'deals/s' },
      {
        subject: 'runner and its workers',
        name: 'peak resident',
        value: residentMb(system.pid).peak,
        unit: 'MB',
        goal: { atMost: GOAL_MB },
      },
      {
        subject: 'runner and its workers',
        name: 'CPU',
        value: runnerCpu,
        unit: 's',
      },
      { subject: 'Dynoxide', name: 'peak resident', value: residentMb(engine).peak, unit: 'MB' },
      { subject: 'Dynoxide', name: 'CPU', value: engineCpu, unit: 's' },
    ],
    notes: [
      `Everything else on the machine took ${otherCpu.toFixed(0)} s of CPU meanwhile: much of it makes the time worthless.`,
    ],
  };
};

export const realPipeline: Benchmark = {
  name: 'pipeline',
  title: 'Real pipeline: 8,800 opportunities imported through a local run, to the last metric',
  run,
};
