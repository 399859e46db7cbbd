import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Table } from '../../../shared/dynamodb/table.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import type { Context } from '../command.ts';
import { Failed } from '../refusals.ts';
import { readEpochMarker } from './epoch-marker.ts';

type Place = Pick<Context, 'target' | 'now'>;

export const clockOf = ({ now }: Pick<Context, 'now'>) => ({ now: () => instantFrom(now()) });

export const documentsOf = ({ target }: Pick<Context, 'target'>): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(target.aws.dynamodb, { marshallOptions: { removeUndefinedValues: true } });

/** The epoch that the service's deployed functions write under. Throws Failed where they don't say. */
export const deployedEpoch = async (
  { target }: Pick<Context, 'target'>,
  service: string,
): Promise<number> => {
  const FunctionName = `${target.names.prefix}-${service}-api`;
  const { Environment } = await target.aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const epoch = Number(Environment?.Variables?.EPOCH);
  if (Number.isInteger(epoch)) return epoch;
  throw new Failed(
    `${FunctionName} has no EPOCH in its environment: deploy the stack as it is in this repository.`,
  );
};

/** A table by its name, as the services themselves use theirs. `epoch` is what new writes bear. */
export const tableNamed = (place: Place, name: string, epoch: number): Table =>
  new Table({ client: documentsOf(place), name, epoch, clock: clockOf(place) });

/**
 * The live table of a service, to be written under the epoch of its functions. Throws Failed after half a restore, and where
 * that epoch is lower than the table's own: what was written would be stale to everyone.
 */
export const serviceTable = async (place: Place, service: string): Promise<Table> => {
  const deployed = await deployedEpoch(place, service);
  const table = tableNamed(place, place.target.names.table(service), deployed);
  const marker = await readEpochMarker(table);
  if (marker?.status === 'restoring')
    throw new Failed(
      `${table.name} is half way back to ${marker.restoredTo}. Go on with it first: ` +
        `npm run ops -- restore ${service} --to ${marker.restoredTo} ${place.target.flag} --apply`,
    );
  if (marker === undefined || marker.epoch <= deployed) return table;
  throw new Failed(
    `${table.name} was restored and is at epoch ${marker.epoch}, but the functions of ${service} are at ${deployed}: ` +
      `raise epochs.${service} to ${marker.epoch} in infra/stage/stages.ts (locally -c epochs.${service}=${marker.epoch}), deploy, then repeat this.`,
  );
};
