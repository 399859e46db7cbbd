import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { readEpochMarker } from '../recovery/epoch-marker.ts';
import { tableNamed } from '../recovery/service-table.ts';
import { serviceState } from '../service-state.ts';
import type { Target } from '../target.ts';
import type { Check } from './finding.ts';

const AT_ONCE = 4;

/** The epochs that a service’s functions write under: one, but in the middle of a deployment. */
const epochsOf = async ({ aws, names }: Target, service: string): Promise<readonly number[]> => {
  const epochs = await mapConcurrently(names.functionsOf(service), AT_ONCE, async ({ name }) => {
    const { Environment } = await aws.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: name }),
    );
    return Environment?.Variables?.EPOCH;
  });
  return [...new Set(epochs.filter((epoch) => epoch !== undefined).map(Number))].toSorted((a, b) => a - b);
};

/** What of each service is paused, and whether its functions write under the epoch that its table was restored with. */
export const serviceCheck: Check = async (target) =>
  mapConcurrently(target.names.services, AT_ONCE, async (service) => {
    const [{ consumers, api }, epochs] = await Promise.all([
      serviceState(target, service),
      epochsOf(target, service),
    ]);
    const paused = [
      ...consumers
        .filter(({ state }) => state !== 'Enabled')
        .map(({ queue, state }) => `${queue} is ${state}`),
      ...api.filter(({ concurrency }) => concurrency === 0).map(({ unit }) => `${unit} takes no requests`),
    ];
    const table = tableNamed(
      { target, now: () => target.now() },
      target.names.table(service),
      epochs[0] ?? 0,
    );
    const marker = await readEpochMarker(table);
    const behind = marker !== undefined && epochs.some((epoch) => epoch < marker.epoch);
    return {
      area: 'service',
      what: service,
      says: [
        `epoch ${epochs.join(' and ')}`,
        ...(behind
          ? [`but its table has ${marker.epoch}: deploy with -c epochs.${service}=${marker.epoch}`]
          : []),
        ...paused,
      ].join(', '),
      needsPerson: paused.length > 0 || behind || epochs.length > 1,
    };
  });
