import { defaultOrganization } from '../../../shared/directory/organization.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { AlreadyExists, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { OrganizationUpdated, type OrganizationState } from '../../../shared/events/team.ts';
import { dayOf } from '../../../shared/time/zone.ts';
import type { Day } from '../../../shared/time/instant.ts';
import { ORGANIZATION, type Organization, organizationEntity } from './entities.ts';

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

  /** Throws PreconditionFailed if the settings are not at version `ifMatch`, or change meanwhile. */
  async put(settings: OrganizationState, ifMatch: number | undefined): Promise<Stored<Organization>> {
    const { version } = await this.get();
    if (ifMatch !== undefined && ifMatch !== version) {
      throw new PreconditionFailed(
        `The organization is at version ${String(version)}, not ${String(ifMatch)}.`,
      );
    }
    const organization: Organization = { ...settings, id: ORGANIZATION };
    if (version > 0) return this.#repository.save({ ...organization, version }, OrganizationUpdated);
    try {
      return await this.#repository.create(organization, OrganizationUpdated);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      throw new PreconditionFailed('The organization was set up by someone else meanwhile.');
    }
  }

  /** The day it is now where the organization is. */
  async today(): Promise<Day> {
    return dayOf(this.#table.clock.now(), (await this.get()).timeZone);
  }
}
