import * as z from 'zod';
import { ACCOUNT, REGION } from '../local/local-names.ts';
import { localClients } from './aws-clients.ts';
import { Failed } from './refusals.ts';
import { findStack } from './stack-lookup.ts';
import type { Target } from './target.ts';

const ClockAnswer = z.object({ now: z.iso.datetime() });

/** How far the clock of the local run’s functions is ahead of this machine’s, in milliseconds. Throws Failed. */
const aheadBy = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/_local/clock`).catch(() => undefined);
  if (response === undefined) {
    throw new Failed(
      `Nothing answers on ${url}: start the local run with npm start, or say where it is with --local http://localhost:<port>.`,
    );
  }
  const clock = ClockAnswer.safeParse(await response.json().catch(() => undefined));
  if (!clock.success) {
    throw new Failed(
      `What answers on ${url} is not a local run: say where it is with --local http://localhost:<port>.`,
    );
  }
  return Date.parse(clock.data.now) - Date.now();
};

/** The local run at `url`. Throws Failed when it isn’t there. */
export const localTarget = async (url: string): Promise<Target> => {
  const ahead = await aheadBy(url);
  const aws = localClients(url);
  const stack = await findStack(aws.cloudformation, undefined);
  if (stack === undefined) throw new Failed(`The local run on ${url} has no stack.`);
  return {
    ...stack,
    stage: 'local',
    account: ACCOUNT,
    region: REGION,
    stackStatus: stack.status,
    isProtected: false,
    apiUrl: url,
    aws,
    flag: `--local ${url}`,
    now: () => Date.now() + ahead,
  };
};
