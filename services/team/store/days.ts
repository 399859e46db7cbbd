import * as z from 'zod';
import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DayBegan } from '../../../shared/events/team.ts';
import { Day } from '../../../shared/time/instant.ts';
import { OrganizationStore } from './organization.ts';

/** There is one; its id is the subject of its events. */
export const DAY = 'day';

export const dayEntity = defineEntity({
  type: 'day',
  schema: z.object({ id: z.literal(DAY), day: Day }),
  key: () => ({ pk: 'day', sk: 'state' }),
});

/**
 * Tells that a day began where the organization is, once however often it is asked; answers that day, or undefined where it
 * was told before. A day goes back only with the organization's zone, and is not told again then.
 */
export const beginDay = async (table: Table, cause: Cause): Promise<Day | undefined> => {
  const days = new Repository(table, dayEntity, cause);
  const [today, told] = await Promise.all([new OrganizationStore(table, cause).today(), days.find(DAY)]);
  if (told !== undefined && told.day >= today) return undefined;
  try {
    await (told === undefined
      ? days.create({ id: DAY, day: today }, DayBegan)
      : days.save({ ...told, day: today }, DayBegan));
    return today;
  } catch (error) {
    // Another turn told it at the same moment.
    if (error instanceof AlreadyExists || error instanceof PreconditionFailed) return undefined;
    throw error;
  }
};
