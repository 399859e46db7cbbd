import { defaultOrganization } from '../../../shared/directory/organization.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { equals } from '../../../shared/dynamodb/expressions.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { OrganizationUpdated, type OrganizationState } from '../../../shared/events/team.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { assertSameCounting, type CountingSetting, withCounting } from '../domain/settings-change.ts';
import { ORGANIZATION, type Organization, organizationEntity } from './entities.ts';

/** Settings to count by that are left out stay as they are. */
type PutSettings = Omit<OrganizationState, CountingSetting> & {
  readonly [Name in CountingSetting]?: OrganizationState[Name] | undefined;
};

/** The organization's settings. Version 0 are the defaults, which hold until the first write. */
export class OrganizationStore {
  readonly #table: Table;
  readonly #repository: Repository<Organization>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#repository = new Repository(table, organizationEntity, cause);
  }

  async get(): Promise<Stored<Organization>> {
    const stored = await this.#repository.find(ORGANIZATION);
    return stored ?? { ...defaultOrganization, id: ORGANIZATION, version: 0 };
  }

  /**
   * Throws PreconditionFailed if the settings are not at version `ifMatch`, or change meanwhile; Conflict for other settings to
   * count by, once they have been set up.
   */
  async put(settings: PutSettings, ifMatch: number | undefined): Promise<Stored<Organization>> {
    const present = await this.get();
    const { version } = present;
    if (ifMatch !== undefined && ifMatch !== version) {
      throw new PreconditionFailed(
        `The organization is at version ${String(version)}, not ${String(ifMatch)}.`,
      );
    }
    const organization: Organization = { ...withCounting(present, settings), id: ORGANIZATION };
    if (version > 0) assertSameCounting(present, organization);
    if (version > 0) return this.#repository.save({ ...organization, version }, OrganizationUpdated);
    try {
      return await this.#repository.create(organization, OrganizationUpdated);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      throw new PreconditionFailed('The organization was set up by someone else meanwhile.');
    }
  }

  /** Holds in a transaction as long as the settings are at `version`. */
  unchanged(version: number): TransactItem {
    return { check: organizationEntity.key(ORGANIZATION), condition: equals({ version }) };
  }

  /** The settings over those at `version`, for a transaction with what else follows from them. */
  writeFor(settings: OrganizationState, version: number): TransactItem {
    return this.#repository.writeFor({ ...settings, id: ORGANIZATION, version }, OrganizationUpdated);
  }

  /** The day it is now where the organization is. */
  async today(): Promise<Day> {
    return dayOf(this.#table.clock.now(), (await this.get()).timeZone);
  }
}
