import { defineEntity, type Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import type { ServiceName } from '../../../shared/events/contract.ts';
import { PersonalDataRequested } from '../../../shared/events/privacy.ts';
import { createOnce } from '../../../shared/http/idempotency.ts';
import { type Part, PersonalDataJob, withPart } from '../domain/personal-data.ts';

export const personalDataEntity = defineEntity<PersonalDataJob>({
  type: 'personal-data',
  schema: PersonalDataJob,
  key: (id) => ({ pk: `personal-data#${id}`, sk: 'state' }),
});

/** How often a part is written when another service answers at the same moment. */
const ATTEMPTS = 8;

/** Requests for a person’s data. They stay: that somebody was erased must be provable. */
export class PersonalDataRequests {
  readonly #table: Table;
  readonly #repository: Repository<PersonalDataJob>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#repository = new Repository(table, personalDataEntity, cause);
  }

  /** Throws NotFound. */
  async get(id: string): Promise<Stored<PersonalDataJob>> {
    return this.#repository.get(id);
  }

  /** Asks every service. See `createOnce` for repeated requests. */
  async start(
    job: PersonalDataJob,
    request: Parameters<typeof createOnce>[2],
  ): Promise<Stored<PersonalDataJob>> {
    return createOnce(this.#repository, job, request, PersonalDataRequested);
  }

  /** Notes what a service did; answers the request as it stands then. Throws NotFound, PreconditionFailed. */
  async note(id: string, service: ServiceName, part: Part): Promise<Stored<PersonalDataJob>> {
    for (let attempt = 1; ; attempt += 1) {
      const job = await this.get(id);
      const next = withPart(job, service, part, this.#table.clock.now());
      if (next === job) return job;
      try {
        return await this.#repository.save(next);
      } catch (error) {
        if (!(error instanceof PreconditionFailed) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}
