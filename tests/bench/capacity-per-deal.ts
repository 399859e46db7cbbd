import { create } from '../support/sales-organization.ts';
import { type Bench, type Benchmark, type Figure, type Outcome, WrongOutcome } from './benchmark.ts';
import { itemsTouched, type MeteredCall, unitsOf } from './dynamodb-meter.ts';
import { expectWon, openDeal, period, salesFloor, stageDeal, winDeal } from './sales-floor.ts';
import { SteppedSystem } from './stepped-system.ts';

/** How many deals take each step together before anything moves on, and how many such groups there are. */
const PLANS = [
  { batch: 1, groups: 20 },
  { batch: 10, groups: 4 },
  { batch: 100, groups: 2 },
];
const SERVICES = ['deals', 'metrics', 'goals'];

const ofService = (calls: readonly MeteredCall[], service: string) =>
  calls.filter(({ table }) => table.endsWith(`-${service}`));

const figuresOf = (calls: readonly MeteredCall[], deals: number, batch: number): Figure[] =>
  [...SERVICES, 'all'].flatMap((service) => {
    const own = service === 'all' ? calls : ofService(calls, service);
    return (['write', 'read'] as const).map((kind) => ({
      subject: service,
      name: batch === 1 ? `${kind}, singly` : `${kind}, in ${batch}s`,
      value: unitsOf(own.filter((call) => call.kind === kind)) / deals,
      unit: kind === 'write' ? 'WU' : 'RU',
    }));
  });

const readFigures = async (system: SteppedSystem, what: string, target: string): Promise<Figure[]> => {
  system.meter.take();
  const { status, body } = await system.request('GET', target);
  if (status !== 200) throw new WrongOutcome(`${target}: ${status} ${JSON.stringify(body)}`);
  const calls = system.meter.take();
  return [
    { subject: what, name: 'items touched', value: itemsTouched(calls), unit: 'items' },
    { subject: what, name: 'read units', value: unitsOf(calls), unit: 'RU' },
  ];
};

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await SteppedSystem.start(bench);
  const floor = await salesFloor(system);
  const goal = { name: 'Far away', kpi: 'wonDeals', period: period(), target: 1_000_000 };
  for (const scope of ['org', ...floor.repIds.map((id) => `rep:${id}`)]) {
    await create(system, '/v1/goals', { ...goal, scope });
  }
  await system.idle();

  const figures: Figure[] = [];
  let won = 0;
  for (const { batch, groups } of PLANS) {
    bench.tell(`${batch * groups} deals, ${batch} at a time: opened, staged, won, folded`);
    system.meter.take();
    for (let group = 0; group < groups; group += 1) {
      const ids: string[] = [];
      for (let at = 0; at < batch; at += 1) ids.push(await openDeal(system, floor, won + at));
      await system.settle(batch);
      for (const step of [stageDeal, winDeal]) {
        for (const id of ids) await step(system, id);
        await system.settle(batch);
      }
      won += batch;
    }
    figures.push(...figuresOf(system.meter.take(), batch * groups, batch));
    await expectWon(system, won);
  }
  bench.tell('reading');
  const year = `period=${period()}`;
  for (const [what, target] of [
    ['GET /v1/metrics, org, a year', `/v1/metrics?scope=org&${year}`],
    ['GET /v1/metrics, a rep, a year', `/v1/metrics?scope=rep:${floor.repIds[0] ?? ''}&${year}`],
    ['GET /v1/metrics/breakdown, by rep', `/v1/metrics/breakdown?scope=org&${year}&by=rep&kpis=wonRevenue`],
    [
      'GET /v1/metrics/breakdown, by product',
      `/v1/metrics/breakdown?scope=org&${year}&by=product&kpis=wonRevenue`,
    ],
    [
      'GET /v1/metrics/breakdown, by month',
      `/v1/metrics/breakdown?scope=org&${year}&by=month&kpis=wonRevenue`,
    ],
  ] as const) {
    figures.push(...(await readFigures(system, what, target)));
  }
  return {
    figures,
    notes: ['WU and RU: write and read units per deal, as DynamoDB bills them, indexes included.'],
  };
};

export const capacityPerDeal: Benchmark = {
  name: 'capacity',
  title: 'Capacity: what one deal costs, opened → staged → won → metrics → goals, and what a report reads',
  run,
};
