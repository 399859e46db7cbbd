import { maySee, mayChange, type Ownership } from '../../../shared/auth/visibility.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { ActivityLogged } from '../../../shared/events/activities.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { ActivityId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Activity } from '../domain/activities/activity.ts';
import { isSame } from '../domain/patch.ts';
import { createAs } from '../store/create-as.ts';
import type { Visibility } from '../viewer.ts';
import { ActivityStore } from './activity-store.ts';
import { attributed, type PlaceSources } from './attributed.ts';
import { Subjects } from './subjects.ts';

/** Whether whom it counts for stays as it is: what is done stays with the teams and territories that it was done for. */
const countsAsBefore = (after: Activity, before: Activity): boolean =>
  after.deleted ||
  (after.status === 'done' &&
    (['status', 'ownerId', 'accountId', 'dealId', 'occurredAt'] as const).every(
      (field) => after[field] === before[field],
    ));

/** Activities as one caller sees and changes them. */
export class Activities {
  readonly subjects: Subjects;
  readonly store: ActivityStore;
  readonly #table: Table;
  readonly #sources: PlaceSources;
  readonly #visibility: Visibility;

  constructor({
    table,
    cause,
    directory,
    visibility,
    clock,
    sources,
  }: {
    readonly table: Table;
    readonly cause: Cause;
    readonly directory: Directory;
    readonly visibility: Visibility;
    readonly clock: Clock;
    readonly sources: PlaceSources;
  }) {
    this.#table = table;
    this.store = new ActivityStore(table, cause);
    this.subjects = new Subjects({ table, directory, visibility, clock });
    this.#sources = sources;
    this.#visibility = visibility;
  }

  /** @throws NotFound for one that is deleted, or about what the caller may not see */
  async get(id: ActivityId): Promise<Stored<Activity>> {
    const activity = await this.store.get(id);
    if (activity.deleted || !(await this.#isVisible(activity))) throw new NotFound(`activity ${id}`);
    return activity;
  }

  /** The activity, read to be changed. @throws NotFound, Forbidden, PreconditionFailed */
  async toChange(id: ActivityId, ifMatch: number | undefined): Promise<Stored<Activity>> {
    const activity = await this.get(id);
    if (!mayChange(await this.#visibility.viewer(), await this.#ownership(activity)))
      throw new Forbidden(
        `Only its owner, whoever manages the owner’s team, and admins may change activity ${id}.`,
      );
    assertVersion(activity, ifMatch, `activity ${id}`);
    return activity;
  }

  /** Creates it, once for a repeated request. @throws AlreadyExists where its externalId is taken */
  async create(
    activity: Activity,
    request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  ): Promise<Stored<Activity>> {
    const placed = await attributed(activity, this.#sources);
    return createAs(this.store, placed, request, ActivityLogged, this.#table);
  }

  /** Writes it with its event; where nothing changed, nothing is written. */
  async save(
    activity: Activity,
    { from, event }: { readonly from: Stored<Activity>; readonly event: EventContract },
  ): Promise<Stored<Activity>> {
    const placed = countsAsBefore(activity, from) ? activity : await attributed(activity, this.#sources);
    if (isSame({ ...placed, updatedAt: from.updatedAt, version: from.version }, from)) return from;
    return this.store.save(placed, { from, event });
  }

  /** For each, whether the caller may see it: as what it is about, and one's own always. */
  async areVisible(activities: readonly Activity[]): Promise<readonly boolean[]> {
    const viewer = await this.#visibility.viewer();
    const seen = await this.subjects.areVisible(activities);
    return activities.map(
      ({ ownerId }, index) => seen[index] === true || (viewer.sees === 'part' && maySee(viewer, { ownerId })),
    );
  }

  async #isVisible(activity: Activity): Promise<boolean> {
    const [visible = false] = await this.areVisible([activity]);
    return visible;
  }

  async #ownership({ ownerId }: Activity): Promise<Ownership> {
    return { ownerId, teamId: await this.#visibility.teamOf(ownerId) };
  }
}
