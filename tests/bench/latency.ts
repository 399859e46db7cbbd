import { setTimeout as delay } from 'node:timers/promises';
import { type LocalRun, startLocalRun } from '../support/local-run.ts';
import { create } from '../support/sales-organization.ts';
import { type Bench, type Benchmark, expectOutcome, type Outcome, WrongOutcome } from './benchmark.ts';
import { kpiOf, openDeal, period, salesFloor, winDeal } from './sales-floor.ts';
import { quantile } from './sample.ts';

const WINS = 20;
const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 10;

/** Looks until it is there; answers how many milliseconds after `since` (machine time) that was. */
const until = async (what: string, since: number, look: () => Promise<boolean>): Promise<number> => {
  while (!(await look())) {
    if (Date.now() - since > PATIENCE_MS)
      throw new WrongOutcome(`${what}: not within ${PATIENCE_MS / 1000} s`);
    await delay(LOOK_EVERY_MS);
  }
  return Date.now() - since;
};

const mailsTo = async (run: LocalRun, address: string) =>
  (await run.mail()).filter(({ to }) => to.includes(address));

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await startLocalRun();
  bench.onEnd(() => system.stop());
  bench.tell('setting up the sales floor');
  const floor = await salesFloor(system);
  const manager = floor.managerEmails[0] ?? '';
  const rep = floor.repIds[0] ?? '';
  // Every win is another twentieth of both goals, and every twentieth is a milestone of one of them.
  const twentieths = Array.from({ length: WINS }, (_, at) => ((at + 1) * 100) / WINS);
  for (const parity of [0, 1]) {
    await create(system, '/v1/goals', {
      name: 'Twenty deals',
      scope: `rep:${rep}`,
      kpi: 'wonDeals',
      period: period(),
      target: WINS,
      milestones: twentieths.filter((_, at) => at % 2 === parity),
    });
  }
  await system.idle();

  const ids: string[] = [];
  for (let at = 0; at < WINS; at += 1) ids.push(await openDeal(system, { ...floor, repIds: [rep] }, at));
  await system.idle();
  const toMetric: number[] = [];
  const toMail: number[] = [];
  for (const [at, id] of ids.entries()) {
    await winDeal(system, id);
    const answered = Date.now();
    toMetric.push(
      await until(
        'the metric',
        answered,
        async () => (await kpiOf(system, `rep:${rep}`, 'wonDeals')) === at + 1,
      ),
    );
    await until('the mail', answered, async () => (await mailsTo(system, manager)).length > at);
    const mails = await mailsTo(system, manager);
    expectOutcome(`mails after ${at + 1} wins`, mails.length, at + 1);
    toMail.push(Date.parse(mails.at(-1)?.at ?? '') - answered);
    await system.idle();
    if ((at + 1) % 5 === 0) bench.tell(`${at + 1} of ${WINS} wins`);
  }
  expectOutcome('dead letters', await system.deadLetters(), []);
  const figures = (name: string, values: readonly number[]) =>
    [0.5, 0.95].map((share) => ({
      subject: `win answered → ${name}`,
      name: `p${share * 100}`,
      value: quantile(values, share),
      unit: 'ms',
    }));
  return { figures: [...figures('metric visible', toMetric), ...figures('mail in the inbox', toMail)] };
};

export const latency: Benchmark = {
  name: 'latency',
  title: `Latency: ${WINS} single wins, each over a milestone, on an idle system`,
  run,
};
