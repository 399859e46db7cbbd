import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { synthesize } from './support/cdk.ts';
import { DeployedSystem, startAfresh } from './support/deployed-system.ts';
import { REGION, startEmulator } from './support/emulator.ts';
import { ownAddresses } from './support/setup.ts';

/** Deploys the stage dev to an emulator that stays until Ctrl-C, and says how to reach it. */
const folder = mkdtempSync(path.join(tmpdir(), 'quotaline-deploy-'));
const emulator = await startEmulator(folder);
const end = async (): Promise<void> => {
  await emulator.stop();
  rmSync(folder, { recursive: true, force: true });
};
try {
  const assembly = path.join(folder, 'dev');
  await synthesize(assembly, { stage: 'dev', ...ownAddresses });
  await startAfresh(emulator);
  const run = await DeployedSystem.deploy(emulator, assembly, 'quotaline-dev');
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  console.log(`The API, with a token of all scopes for five minutes:

  curl -s --cacert ${emulator.certificateFile} ${run.url}/v1/teams -H "authorization: Bearer ${await run.token()}"

AWS, for any tool, as in npm run ops -- health --stage dev:

  export AWS_ENDPOINT_URL=${emulator.url} AWS_REGION=${REGION} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
  export NODE_EXTRA_CA_CERTS=${emulator.certificateFile} AWS_CA_BUNDLE=${emulator.certificateFile}

What it and the functions say: ${emulator.logFile}
Mails: ${emulator.plainUrl}/_ministack/ses/messages

Ctrl-C ends it and forgets everything.`);
  await stopped;
} finally {
  await end();
}
