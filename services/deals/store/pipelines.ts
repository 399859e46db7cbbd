import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { AlreadyExists, Conflict, NotFound, PreconditionFailed } from '../../../shared/errors/errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { PipelineChanged } from '../../../shared/events/pipelines.ts';
import type { RequestFacts } from '../../../shared/http/route.ts';
import type { PipelineId } from '../../../shared/ids/id.ts';
import { createOnce } from '../../../shared/http/idempotency.ts';
import { type Job, jobEntity } from '../../../shared/jobs/job.ts';
import { defaultPipeline, noPipeline, type Pipeline } from '../domain/pipeline.ts';
import { PipelineBook } from '../domain/pipeline-book.ts';
import { PIPELINES, pipelineEntity } from './entities.ts';

/** All of them are read at once, wherever deals of any pipeline are listed. */
const MAX_PIPELINES = 50;

/** As it comes with the system. */
const builtIn: Stored<Pipeline> = { ...defaultPipeline, version: 1 };

const reading: Cause = { correlationId: 'pipelines', actor: 'system' };

/** The pipelines: stored ones, and the default, which is not stored until it is changed. */
export class Pipelines {
  readonly #table: Table;
  readonly #stored: Repository<Pipeline>;
  readonly #jobs: Repository<Job>;

  constructor(table: Table, cause: Cause) {
    this.#table = table;
    this.#jobs = new Repository(table, jobEntity, cause);
    this.#stored = new Repository(table, pipelineEntity, cause);
  }

  /** For who only reads. */
  static async allOf(table: Table): Promise<PipelineBook> {
    return new Pipelines(table, reading).all();
  }

  /** Those of the deals, each read by its key: the index that lists them all may lag behind a deal that is in one. */
  static async bookOf(
    table: Table,
    deals: Iterable<{ readonly pipelineId: PipelineId }>,
  ): Promise<PipelineBook> {
    const ids = new Set([...deals].map(({ pipelineId }) => pipelineId));
    const stored = await new Repository(table, pipelineEntity, reading).getMany([...ids]);
    return new PipelineBook([...stored.values()]);
  }

  async all(): Promise<PipelineBook> {
    const { items } = await this.#stored.queryIndex('gsi1', PIPELINES);
    return new PipelineBook(items);
  }

  /** The default one first, then the others by name. */
  async list(): Promise<readonly Stored<Pipeline>[]> {
    const { items } = await this.#stored.queryIndex('gsi1', PIPELINES);
    const stored = new Map(items.map((pipeline) => [pipeline.id, pipeline]));
    return new PipelineBook(items).list().map(({ id }) => stored.get(id) ?? builtIn);
  }

  async find(id: string): Promise<Stored<Pipeline> | undefined> {
    const stored = await this.#stored.find(id);
    return stored ?? (id === builtIn.id ? builtIn : undefined);
  }

  /** @throws NotFound */
  async get(id: PipelineId): Promise<Stored<Pipeline>> {
    const found = await this.find(id);
    if (found === undefined) throw new NotFound(`pipeline ${id}`);
    return found;
  }

  /** The one that a caller names, or the default. @throws Unprocessable for one that there is not */
  async named(id: PipelineId | undefined): Promise<Pipeline> {
    const found = await this.find(id ?? builtIn.id);
    if (found === undefined) throw noPipeline(String(id));
    return found;
  }

  /** A deal's own. */
  async of({ pipelineId }: { readonly pipelineId: PipelineId }): Promise<Pipeline> {
    return (await this.find(pipelineId)) ?? builtIn;
  }

  /** Creates it, once for a repeated request. @throws Conflict where there are too many */
  async create(
    pipeline: Pipeline,
    request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  ): Promise<Stored<Pipeline>> {
    const { items } = await this.#stored.queryIndex('gsi1', PIPELINES, { limit: MAX_PIPELINES });
    if (items.length >= MAX_PIPELINES && !items.some(({ id }) => id === pipeline.id))
      throw new Conflict(`There are ${MAX_PIPELINES} pipelines; more can’t be kept.`);
    return createOnce<Pipeline, Stored<Pipeline>, typeof PipelineChanged>(
      this.#stored,
      pipeline,
      request,
      PipelineChanged,
    );
  }

  /** Writes it, if nobody has since it was read. The default one is stored as it was first, so that its versions go on. */
  async save(pipeline: Stored<Pipeline>): Promise<Stored<Pipeline>> {
    if (pipeline.id === builtIn.id && pipeline.version === 1) await this.#storeBuiltIn();
    return this.#stored.save(pipeline, PipelineChanged);
  }

  /** The same, and the job that brings the deals along, or neither. @throws PreconditionFailed */
  async saveWith(pipeline: Stored<Pipeline>, job: Job): Promise<Stored<Pipeline>> {
    if (pipeline.id === builtIn.id && pipeline.version === 1) await this.#storeBuiltIn();
    try {
      await this.#table.transact([
        this.#stored.writeFor(pipeline, PipelineChanged),
        this.#jobs.writeFor(job, DealsJobAdvanced),
      ]);
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      throw new PreconditionFailed(`The pipeline ${pipeline.id} was changed by someone else meanwhile.`);
    }
    return { ...pipeline, version: pipeline.version + 1 };
  }

  async #storeBuiltIn(): Promise<void> {
    try {
      await this.#stored.create(defaultPipeline, PipelineChanged);
    } catch (error) {
      if (!(error instanceof AlreadyExists)) throw error;
    }
  }
}
