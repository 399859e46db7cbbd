import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { spawnRunner } from '../spawn-runner.ts';
import { DemoClient } from './demo-client.ts';
import { playQuarter } from './play.ts';
import { nextQuarter } from './quarter.ts';
import { setTheStage } from './set-the-stage.ts';
import { bar, summary } from './summary.ts';

const HELP = `Plays a quarter of PastaPro, a pasta wholesaler, on a local run of its own.

  npm run demo                 play it, print the summary and end
  npm run demo -- --stay       keep serving afterwards (Ctrl-C ends it)
  npm run demo -- --port 3000  serve on this port instead of a free one
`;

const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      stay: { type: 'boolean', default: false },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const begun = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'quotaline-demo-'));
  console.log('Starting the local run …');
  const runner = await spawnRunner({ port: values.port, dataFolder: folder });
  const stop = async () => {
    await runner.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    console.log(`Serving on ${runner.url} after ${seconds(begun)}`);
    const client = new DemoClient(runner.url);
    const quarter = nextQuarter(new Date());
    console.log(
      `Setting the stage for ${quarter.period}: the team, the catalogue, the customers, last quarter’s deals …`,
    );
    await client.moveClock(`${quarter.from}T13:00:00.000Z`);
    const stage = await setTheStage(client, quarter);
    await playQuarter(client, stage, quarter, (week, weeks) => {
      const line = `Week ${String(week).padStart(2)} of ${String(weeks)}  ${bar((week / weeks) * 100)}`;
      process.stdout.write(process.stdout.isTTY ? `\r${line}${week === weeks ? '\n' : ''}` : `${line}\n`);
    });
    console.log(`\n${await summary(client, stage, quarter, runner.url)}\n`);
    console.log(`${String(client.requests)} requests in ${seconds(begun)}`);
    if (values.stay) {
      console.log(`Still serving on ${runner.url}; Ctrl-C ends it.`);
      await new Promise((resolve) => {
        process.once('SIGINT', resolve);
        process.once('SIGTERM', resolve);
      });
    }
  } finally {
    await stop();
  }
};

await main();
