import {
  GetFunctionConcurrencyCommand,
  paginateListEventSourceMappings,
  type EventSourceMappingConfiguration,
} from '@aws-sdk/client-lambda';
import { mapConcurrently } from '../../shared/concurrency/map-concurrently.ts';
import type { FunctionName } from './stack-names.ts';
import type { Target } from './target.ts';

/** A queue’s events on their way into a function. */
export interface ConsumerState {
  /** The function, as in `metrics-facts`. */
  readonly unit: string;
  /** The queue’s name. */
  readonly queue: string;
  readonly uuid: string;
  /** Lambda’s word: Enabled, Disabled, or on the way to one of them. */
  readonly state: string;
}

/** A function that is called, over HTTP or by a schedule, rather than fed from a queue or stream. */
export interface CalledState {
  readonly unit: string;
  readonly name: string;
  /** Undefined: as many as the account has room for. 0: it is never run. */
  readonly concurrency: number | undefined;
}

export interface ServiceState {
  readonly service: string;
  readonly consumers: readonly ConsumerState[];
  readonly api: readonly CalledState[];
}

const AT_ONCE = 8;
/** Runs at every sign-in of every service, and only reads: it stays. */
const SIGN_IN = 'team-token';

const mappingsOf = async (
  { lambda }: Target['aws'],
  { name }: FunctionName,
): Promise<readonly EventSourceMappingConfiguration[]> => {
  const found: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client: lambda }, { FunctionName: name }))
    found.push(...(page.EventSourceMappings ?? []));
  return found;
};

const consumerOf = (
  unit: string,
  { UUID = '', State = '', EventSourceArn = '' }: EventSourceMappingConfiguration,
) => ({
  unit,
  queue: EventSourceArn.slice(EventSourceArn.lastIndexOf(':') + 1),
  uuid: UUID,
  state: State,
});

/**
 * What of a service takes events and requests. The relay isn’t among it: what was written must reach the bus, and its
 * stream forgets after a day.
 */
export const serviceState = async ({ aws, names }: Target, service: string): Promise<ServiceState> => {
  const functions = await mapConcurrently(names.functionsOf(service), AT_ONCE, async (fn) => ({
    ...fn,
    mappings: await mappingsOf(aws, fn),
  }));
  const called = functions.filter(({ unit, mappings }) => mappings.length === 0 && unit !== SIGN_IN);
  return {
    service,
    consumers: functions.flatMap(({ unit, mappings }) =>
      mappings
        .filter(({ EventSourceArn = '' }) => EventSourceArn.split(':')[2] === 'sqs')
        .map((mapping) => consumerOf(unit, mapping)),
    ),
    api: await mapConcurrently(called, AT_ONCE, async ({ unit, name }) => {
      const answer = await aws.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
      return { unit, name, concurrency: answer.ReservedConcurrentExecutions };
    }),
  };
};

/** Neither events nor requests reach the service. */
export const isPaused = ({ consumers, api }: ServiceState): boolean =>
  consumers.every(({ state }) => state === 'Disabled') && api.every(({ concurrency }) => concurrency === 0);
