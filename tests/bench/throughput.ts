import { mapConcurrently } from '../../shared/concurrency/map-concurrently.ts';
import { startLocalRun } from '../support/local-run.ts';
import { type Bench, type Benchmark, expectOutcome, type Outcome } from './benchmark.ts';
import { expectWon, openDeal, salesFloor, winDeal } from './sales-floor.ts';
import { timed } from './sample.ts';

const WARM_UP_DEALS = 20;
const DEALS = 400;
const CLIENTS = 8;

const run = async (bench: Bench): Promise<Outcome> => {
  const system = await startLocalRun();
  bench.onEnd(() => system.stop());
  bench.tell('setting up the sales floor');
  const floor = await salesFloor(system);
  const openAndWin = async (at: number) => winDeal(system, await openDeal(system, floor, at));
  await mapConcurrently(
    Array.from({ length: WARM_UP_DEALS }, (_, at) => at),
    CLIENTS,
    openAndWin,
  );
  await system.idle();

  bench.tell(`opening and winning ${DEALS} deals, ${CLIENTS} at a time`);
  const deals = Array.from({ length: DEALS }, (_, at) => WARM_UP_DEALS + at);
  const started = performance.now();
  const { ms: httpMs } = await timed(() => mapConcurrently(deals, CLIENTS, openAndWin));
  await system.idle(120);
  const allMs = performance.now() - started;
  await expectWon(system, WARM_UP_DEALS + DEALS);
  expectOutcome('dead letters', await system.deadLetters(), []);

  bench.tell('reading metrics');
  const reads = Array.from({ length: 300 }, (_, at) => at);
  const { ms: readMs } = await timed(() =>
    mapConcurrently(reads, CLIENTS, () => expectWon(system, WARM_UP_DEALS + DEALS)),
  );
  const perSecond = (count: number, ms: number) => (count / ms) * 1000;
  return {
    figures: [
      { subject: 'writes', name: 'answered', value: perSecond(2 * DEALS, httpMs), unit: '/s' },
      {
        subject: 'deals',
        name: 'from HTTP to metrics and goals',
        value: perSecond(DEALS, allMs),
        unit: '/s',
      },
      {
        subject: 'events',
        name: 'behind, when the last request was answered',
        value: allMs - httpMs,
        unit: 'ms',
      },
      {
        subject: 'reads of /v1/metrics',
        name: 'answered, while nothing else goes on',
        value: perSecond(2 * reads.length, readMs),
        unit: '/s',
      },
    ],
  };
};

export const throughput: Benchmark = {
  name: 'throughput',
  title: `Throughput: ${DEALS} deals opened and won over HTTP by ${CLIENTS} clients, until streams and queues are drained`,
  run,
};
