import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { setTimeout as delay } from 'node:timers/promises';
import { Failed, NotUnderstood } from './refusals.ts';
import type { CalledState, ConsumerState } from './service-state.ts';
import type { Target } from './target.ts';

const LOOK_EVERY_MS = 500;
/** Lambda takes up to a minute to stop polling a queue. */
const WITHIN_MS = 180_000;

/** Remembers on the function itself what it had, for whoever resumes it: the stack reserves no concurrency, people may. */
const FORMER = 'quotaline:concurrency-before-pause';

/** What `--only` names; both unless given. Throws NotUnderstood. */
export const partsOf = (only: string | undefined): { readonly consumers: boolean; readonly api: boolean } => {
  if (only === undefined) return { consumers: true, api: true };
  if (only === 'consumers' || only === 'api') return { consumers: only === 'consumers', api: only === 'api' };
  throw new NotUnderstood(`--only takes consumers or api, not ${only}.`);
};

/** Switches a consumer on or off, and waits until Lambda has done it. Throws Failed when it doesn’t. */
export const switchConsumer = async (
  { aws: { lambda } }: Pick<Target, 'aws'>,
  { uuid, unit }: ConsumerState,
  on: boolean,
  signal: AbortSignal,
): Promise<void> => {
  const wanted = on ? 'Enabled' : 'Disabled';
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: on }));
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    const { State = '' } = await lambda.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    if (State === wanted) return;
    if (signal.aborted) throw new Failed(`Stopped while ${unit} was ${State}: run the same command again.`);
    if (performance.now() > until) {
      throw new Failed(`${unit} is still ${State} after ${WITHIN_MS / 1000} s: run the same command again.`);
    }
    await delay(LOOK_EVERY_MS);
  }
};

const arnOf = ({ account, region, partition }: Target, name: string): string =>
  `arn:${partition}:lambda:${region}:${account}:function:${name}`;

/** Lets the function run no more; requests under way end by themselves. */
export const stopCalls = async (target: Target, { name, concurrency }: CalledState): Promise<void> => {
  const { lambda } = target.aws;
  if (concurrency !== undefined && concurrency > 0) {
    const Tags = { [FORMER]: String(concurrency) };
    await lambda.send(new TagResourceCommand({ Resource: arnOf(target, name), Tags }));
  }
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }),
  );
};

/** Gives the function back the concurrency that it had before it was stopped. */
export const allowCalls = async (target: Target, { name }: CalledState): Promise<void> => {
  const { lambda } = target.aws;
  const Resource = arnOf(target, name);
  const former = (await lambda.send(new ListTagsCommand({ Resource }))).Tags?.[FORMER];
  if (former === undefined) {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
    return;
  }
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: Number(former) }),
  );
  await lambda.send(new UntagResourceCommand({ Resource, TagKeys: [FORMER] }));
};
