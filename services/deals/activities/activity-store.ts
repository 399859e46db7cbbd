import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Key } from '../../../shared/dynamodb/item.ts';
import type { OutboxEvent } from '../../../shared/dynamodb/outbox.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { Activity } from '../domain/activities/activity.ts';
import { activityEntity, pointerItem, pointersOf } from './entity.ts';

const isSameKey = (a: Key, b: Key): boolean => a.pk === b.pk && a.sk === b.sk;

/**
 * Activities with the pointers that deals, contacts and leads find them by: one transaction where a pointer changes, one
 * plain write where none does.
 */
export class ActivityStore {
  readonly #table: Table;
  readonly #activities: Repository<Activity>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#activities = new Repository(table, activityEntity, cause);
  }

  async find(id: string): Promise<Stored<Activity> | undefined> {
    return this.#activities.find(id);
  }

  /** @throws NotFound */
  async get(id: string): Promise<Stored<Activity>> {
    return this.#activities.get(id);
  }

  /** Those that exist, by id. */
  async getMany(ids: readonly string[]): Promise<Map<string, Stored<Activity>>> {
    return this.#activities.getMany(ids);
  }

  /** @throws AlreadyExists with the stored one and the hash of the request that made it */
  async create(
    activity: Activity,
    event: OutboxEvent | readonly OutboxEvent[],
    options: { readonly requestHash?: string | undefined } = {},
  ): Promise<Stored<Activity>> {
    const pointers = pointersOf(activity);
    if (pointers.length === 0) return this.#activities.create(activity, event, options);
    try {
      await this.#table.transact([
        this.#activities.writeFor(activity, event, options),
        ...pointers.map((key) => ({ put: pointerItem(key, activity) })),
      ]);
    } catch (error) {
      const existing = error instanceof ConditionFailed ? error.existing.get(0) : undefined;
      if (existing === undefined) throw error;
      throw new AlreadyExists(
        `activity ${activity.id}`,
        storedFrom<Activity>(existing),
        typeof existing.requestHash === 'string' ? existing.requestHash : undefined,
      );
    }
    return { ...activity, version: 1 };
  }

  /** Writes it, if nobody has since it was read as `from`. @throws PreconditionFailed */
  async save(
    activity: Activity,
    {
      from,
      event,
    }: { readonly from: Stored<Activity>; readonly event: OutboxEvent | readonly OutboxEvent[] },
  ): Promise<Stored<Activity>> {
    const next = { ...activity, version: from.version };
    const [before, after] = [pointersOf(from), pointersOf(activity)];
    const gone = before.filter((key) => !after.some((each) => isSameKey(key, each)));
    const fresh = after.filter((key) => !before.some((each) => isSameKey(key, each)));
    if (gone.length === 0 && fresh.length === 0) return this.#activities.save(next, event);
    try {
      await this.#table.transact([
        this.#activities.writeFor(next, event),
        ...gone.map((key) => ({ remove: key })),
        ...fresh.map((key) => ({ put: pointerItem(key, activity) })),
      ]);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      throw new PreconditionFailed(`The activity ${activity.id} was changed by someone else meanwhile.`);
    }
    return { ...next, version: from.version + 1 };
  }
}
