import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { create } from '../support/sales-organization.ts';
import type { Measured, PerDeal } from '../../infra/costs/measured.ts';
import { type Bench, type Benchmark, type Outcome, WrongOutcome } from './benchmark.ts';
import { type MeteredCall, unitsOf } from './dynamodb-meter.ts';
import { machine } from './machine.ts';
import { expectWon, openDeal, period, salesFloor, stageDeal, winDeal } from './sales-floor.ts';
import { SteppedSystem } from './stepped-system.ts';
import type { Usage } from './usage-meter.ts';

/** How many deals go together, and how many such groups: from a quiet afternoon to a flood. */
const PLANS = [
  { together: 1, groups: 20 },
  { together: 10, groups: 4 },
  { together: 100, groups: 2 },
];
const READS = 20;
/** Workers of functions that run for the first time would be counted as slow ones. */
const WARM_UP = 3;
/** Both indexes hold each item whole. */
const COPIES = 3;

const withoutStage = (functionName: string): string => functionName.replace(/^quotaline-[a-z]+-/, '');
const perDeal = (sums: Readonly<Record<string, number>>, deals: number) =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [withoutStage(name), round(sum / deals)]));
const round = (value: number): number => Math.round(value * 1000) / 1000;

const figuresOf = (
  { invocations, milliseconds, ...counts }: Usage,
  calls: readonly MeteredCall[],
  { deals, together, logBytes }: { deals: number; together: number; logBytes: number },
): PerDeal => ({
  together,
  writeUnits: round(unitsOf(calls.filter(({ kind }) => kind === 'write')) / deals),
  readUnits: round(unitsOf(calls.filter(({ kind }) => kind === 'read')) / deals),
  dynamoDbCalls: round(calls.length / deals),
  apiRequests: round(counts.apiRequests / deals),
  events: round(counts.events / deals),
  eventBytes: round(counts.eventBytes / deals),
  messages: round(counts.messages / deals),
  batches: round(counts.batches / deals),
  invocations: perDeal(invocations, deals),
  milliseconds: perDeal(milliseconds, deals),
  logBytes: round(logBytes / deals),
});

const storedBytes = async (system: SteppedSystem): Promise<number> => {
  const client = new DynamoDBClient({
    endpoint: system.engine.url,
    region: 'local',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let bytes = 0;
  for (const { name } of system.stack.tables) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName: name }))
      bytes += Items.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
  }
  client.destroy();
  return bytes * COPIES;
};

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await SteppedSystem.start(bench);
  const floor = await salesFloor(system);
  const goal = { name: 'Far away', kpi: 'wonDeals', period: period(), target: 1_000_000 };
  for (const scope of ['org', ...floor.repIds.map((id) => `rep:${id}`)])
    await create(system, '/v1/goals', { ...goal, scope });
  await system.idle();

  let won = 0;
  const sell = async (together: number): Promise<void> => {
    const ids: string[] = [];
    for (let at = 0; at < together; at += 1) ids.push(await openDeal(system, floor, won + at));
    await system.settle(together);
    for (const step of [stageDeal, winDeal]) {
      for (const id of ids) await step(system, id);
      await system.settle(together);
    }
    won += together;
  };
  for (let at = 0; at < WARM_UP; at += 1) await sell(1);
  const before = await storedBytes(system);
  const wonBefore = won;

  const deals: PerDeal[] = [];
  for (const { together, groups } of PLANS) {
    bench.tell(`${String(together * groups)} deals, ${String(together)} at a time`);
    system.meter.take();
    system.usage.take();
    const logged = system.logBytes();
    for (let group = 0; group < groups; group += 1) await sell(together);
    const facts = { deals: together * groups, together, logBytes: system.logBytes() - logged };
    deals.push(figuresOf(system.usage.take(), system.meter.take(), facts));
    await expectWon(system, won);
  }
  const stored = (await storedBytes(system)) - before;

  bench.tell('reading');
  const target = `/v1/metrics?scope=rep:${floor.repIds[0] ?? ''}&period=${period()}`;
  await system.request('GET', target);
  system.meter.take();
  system.usage.take();
  const logged = system.logBytes();
  for (let at = 0; at < READS; at += 1) {
    const { status } = await system.request('GET', target);
    if (status !== 200) throw new WrongOutcome(`${target}: ${String(status)}`);
  }
  const calls = system.meter.take();
  const { milliseconds } = system.usage.take();
  const { cpuModel, node } = machine();
  const measured: Measured = {
    measuredAt: new Date().toISOString().slice(0, 10),
    machine: `${cpuModel}, Node ${node}`,
    deals,
    read: {
      readUnits: round(unitsOf(calls) / READS),
      milliseconds: round(Object.values(milliseconds).reduce((sum, ms) => sum + ms, 0) / READS),
      dynamoDbCalls: round(calls.length / READS),
      logBytes: round((system.logBytes() - logged) / READS),
    },
    storedBytes: Math.round(stored / (won - wonBefore)),
  };
  bench.keep('infra/costs/measured.json', measured);
  return {
    figures: deals.flatMap(({ together, writeUnits, readUnits, events, messages, invocations, logBytes }) => {
      const subject = `${String(together)} together`;
      const sum = Object.values(invocations).reduce((all, n) => all + n, 0);
      return [
        { subject, name: 'write', value: writeUnits, unit: 'WU' },
        { subject, name: 'read', value: readUnits, unit: 'RU' },
        { subject, name: 'events', value: events, unit: '' },
        { subject, name: 'messages', value: messages, unit: '' },
        { subject, name: 'invocations', value: sum, unit: '' },
        { subject, name: 'logs', value: logBytes, unit: 'B' },
      ];
    }),
    notes: ['Per deal, opened → staged → won → metrics → goals. What it costs: npm run costs.'],
  };
};

export const usagePerDeal: Benchmark = {
  name: 'usage',
  title: 'Usage: what AWS would bill for one deal; the figures that npm run costs multiplies with prices',
  run,
};
