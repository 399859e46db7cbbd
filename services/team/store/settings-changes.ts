import { defineEntity, type Stored } from '../../../shared/dynamodb/entity.ts';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Page, Table } from '../../../shared/dynamodb/table.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, Conflict, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { SettingsChangeRequested } from '../../../shared/events/settings-change.ts';
import { createOnce } from '../../../shared/http/idempotency.ts';
import {
  carriedOn,
  inForce,
  isOver,
  type Part,
  type PartName,
  SettingsChange,
  withReport,
} from '../domain/settings-change.ts';
import { OrganizationStore } from './organization.ts';

const SETTINGS_CHANGES = 'settings-changes';

export const settingsChangeEntity = defineEntity<SettingsChange>({
  type: 'settings-change',
  schema: SettingsChange,
  key: (id) => ({ pk: `settings-change#${id}`, sk: 'state' }),
  indexes: ({ id, createdAt }) => ({ gsi1pk: SETTINGS_CHANGES, gsi1sk: `${createdAt}#${id}` }),
});

export const SETTINGS_CHANGE_LOCK = 'settings-change-lock';
const lockKey: Key = { pk: 'settings-change', sk: 'lock' };

/** Reports of two services may come at the same moment. */
const ATTEMPTS = 8;

/** Changes of the settings that numbers were counted by. One at a time is under way; dry runs bar nobody. */
export class SettingsChanges {
  readonly #table: Table;
  readonly #changes: Repository<SettingsChange>;
  readonly #organization: OrganizationStore;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#changes = new Repository(table, settingsChangeEntity, cause);
    this.#organization = new OrganizationStore(table, cause);
  }

  async find(id: string): Promise<SettingsChange | undefined> {
    const found = await this.#changes.find(id);
    if (found === undefined) return undefined;
    const { version: _, ...change } = found;
    return change;
  }

  async get(id: string): Promise<Stored<SettingsChange>> {
    return this.#changes.get(id);
  }

  /** The latest first. */
  async list(query: {
    readonly limit: number;
    readonly cursor?: Item | undefined;
  }): Promise<Page<Stored<SettingsChange>>> {
    return this.#changes.queryIndex('gsi1', SETTINGS_CHANGES, { ...query, descending: true });
  }

  /**
   * Begins it, once for a repeated request. `version` is the organization's, as the change knows it.
   * @throws Conflict while another one is under way; PreconditionFailed where the settings have changed since
   */
  async begin(
    change: SettingsChange,
    { version, request }: { readonly version: number; readonly request: Parameters<typeof createOnce>[2] },
  ): Promise<Stored<SettingsChange>> {
    if (change.dryRun)
      return createOnce<SettingsChange, Stored<SettingsChange>, typeof SettingsChangeRequested>(
        this.#changes,
        change,
        request,
        SettingsChangeRequested,
      );
    const create = async (
      entity: SettingsChange,
      _events: [],
      { requestHash }: { readonly requestHash?: string },
    ): Promise<Stored<SettingsChange>> => {
      try {
        await this.#table.transact([
          this.#changes.writeFor(entity, SettingsChangeRequested, { requestHash }),
          { put: { ...lockKey, type: SETTINGS_CHANGE_LOCK, changeId: entity.id }, condition: absent },
          this.#organization.unchanged(version),
        ]);
        return { ...entity, version: 1 };
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        return this.#refuse(entity, error);
      }
    };
    return createOnce({ create }, change, request, []);
  }

  async #refuse(entity: SettingsChange, error: ConditionFailed): Promise<never> {
    const known = await this.#changes.find(entity.id);
    if (known !== undefined) {
      const hash = error.existing.get(0)?.requestHash;
      throw new AlreadyExists(
        `settings change ${entity.id}`,
        known,
        typeof hash === 'string' ? hash : undefined,
      );
    }
    const running = error.existing.get(1)?.changeId;
    if (typeof running !== 'string')
      throw new PreconditionFailed('The settings were changed by someone else meanwhile.');
    throw new Conflict(
      `Another change of the settings is under way: GET /v1/organization/changes/${running} says how far it is. Repeat the request when it is through.`,
    );
  }

  /**
   * Takes in what a service says of it, and does what follows: asks for the next phase, or ends it. The settings come into
   * force in the one write that asks everyone to keep them. Answers whether it was news.
   */
  async report(id: string, service: PartName, part: Part): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const change = await this.#changes.get(id);
      const told = withReport(change, service, part);
      if (told === change) return false;
      try {
        await this.#save(change, carriedOn(told, this.#table.clock.now()));
        return true;
      } catch (error) {
        const overtaken = error instanceof ConditionFailed || error instanceof PreconditionFailed;
        if (!overtaken || attempt === ATTEMPTS) throw error;
      }
    }
  }

  async #save(before: Stored<SettingsChange>, next: Stored<SettingsChange>): Promise<void> {
    const isNewPhase = next.phase !== before.phase;
    const events = isNewPhase ? [SettingsChangeRequested] : [];
    if (isNewPhase && next.phase === 'prepare') {
      const { version: was, id: _id, ...present } = await this.#organization.get();
      const settings = inForce(present, next);
      const version = was + 1;
      await this.#table.transact([
        { check: lockKey, condition: equals({ changeId: next.id }) },
        this.#changes.writeFor(
          { ...next, after: settings, settings: { epoch: this.#table.epoch, version } },
          events,
        ),
        this.#organization.writeFor(settings, was),
      ]);
      return;
    }
    const unlock =
      !next.dryRun && isOver(next) ? [{ remove: lockKey, condition: equals({ changeId: next.id }) }] : [];
    await this.#table.transact([this.#changes.writeFor(next, events), ...unlock]);
  }
}
