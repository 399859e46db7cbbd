import type { Stored } from '../dynamodb/entity.ts';
import type { OutboxEvent } from '../dynamodb/outbox.ts';
import { Repository } from '../dynamodb/repository.ts';
import type { Table } from '../dynamodb/table.ts';
import { AlreadyExists, NotFound } from '../errors/errors.ts';
import type { Cause } from '../events/cause.ts';
import type { EventContract } from '../events/contract.ts';
import { createOnce } from '../http/idempotency.ts';
import { type Job, jobEntity } from './job.ts';

/** The jobs of one service. `advanced` is its own event that a slice is due. */
export class Jobs {
  readonly #jobs: Repository<Job>;
  readonly #advanced: EventContract;

  constructor(table: Table, advanced: EventContract, cause: Cause) {
    this.#jobs = new Repository(table, jobEntity, cause);
    this.#advanced = advanced;
  }

  /** Throws NotFound for an unknown id, and for one of another kind if a kind is given. */
  async get(id: string, kind?: string): Promise<Stored<Job>> {
    const job = await this.#jobs.get(id);
    if (kind !== undefined && job.kind !== kind) throw new NotFound(`job ${id}`);
    return job;
  }

  async find(id: string): Promise<Stored<Job> | undefined> {
    return this.#jobs.find(id);
  }

  /** Starts it, once for its id: a job whose id derives from an event is one job, however often the event comes. */
  async start(job: Job): Promise<Stored<Job>> {
    try {
      return await this.#jobs.create(job, this.#advanced);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
      return this.#jobs.get(job.id);
    }
  }

  /** Starts it for a request; see `createOnce` for repeated ones. */
  async startFor(job: Job, request: Parameters<typeof createOnce>[2]): Promise<Stored<Job>> {
    return createOnce<Job, Stored<Job>, EventContract>(this.#jobs, job, request, this.#advanced);
  }

  /** With `goOn`, the worker is called again for what is left. */
  async save(
    job: Stored<Job>,
    { goOn = false, events = [] }: { readonly goOn?: boolean; readonly events?: readonly OutboxEvent[] } = {},
  ): Promise<Stored<Job>> {
    return this.#jobs.save(job, goOn ? [this.#advanced, ...events] : events);
  }
}
