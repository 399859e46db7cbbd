import { equals } from '../../../../shared/dynamodb/expressions.ts';
import { type Stored, storedFrom } from '../../../../shared/dynamodb/entity.ts';
import { Repository } from '../../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../../shared/dynamodb/table.ts';
import type { TransactItem } from '../../../../shared/dynamodb/transact-item.ts';
import { untilSaved } from '../../../../shared/dynamodb/until-saved.ts';
import { ConditionFailed } from '../../../../shared/dynamodb/write-errors.ts';
import { Conflict, IdempotencyKeyReused, PreconditionFailed } from '../../../../shared/errors/errors.ts';
import type { Cause } from '../../../../shared/events/cause.ts';
import { AccountChanged, DealsJobAdvanced } from '../../../../shared/events/deals.ts';
import { idOfNew } from '../../../../shared/http/idempotency.ts';
import type { RequestFacts } from '../../../../shared/http/route.ts';
import { derivedId, JobId, MergeId } from '../../../../shared/ids/id.ts';
import { type Job, jobEntity, newJob } from '../../../../shared/jobs/job.ts';
import type { Clock } from '../../../../shared/time/instant.ts';
import type { Account } from '../../domain/account.ts';
import { type AccountMerge, beginMerge, beginUndo } from '../../domain/account-merge.ts';
import { accountEntity } from '../../store/entities.ts';
import type { Accounts } from '../accounts.ts';
import { MERGE_ACCOUNTS, UNDO_MERGE } from './merge-jobs.ts';
import { accountMergeEntity } from './merge-store.ts';

/** A merge with why its job failed, where it did. */
export interface ShownMerge {
  readonly merge: Stored<AccountMerge>;
  readonly problem?: string | undefined;
}

/** Starts merges and their undoing: accounts, merge and job in one transaction. */
export class AccountMerges {
  readonly #table: Table;
  readonly #accounts: Accounts;
  readonly #merges: Repository<AccountMerge>;
  readonly #jobs: Repository<Job>;
  readonly #clock: Clock;

  constructor({
    table,
    accounts,
    cause,
    clock,
  }: {
    readonly table: Table;
    readonly accounts: Accounts;
    readonly cause: Cause;
    readonly clock: Clock;
  }) {
    this.#table = table;
    this.#accounts = accounts;
    this.#merges = new Repository(table, accountMergeEntity, cause);
    this.#jobs = new Repository(table, jobEntity, cause);
    this.#clock = clock;
  }

  /** @throws NotFound */
  async get(id: MergeId): Promise<ShownMerge> {
    const merge = await this.#merges.get(id);
    const isUnderWay = merge.status === 'merging' || merge.status === 'undoing';
    const job = isUnderWay ? await this.#jobs.find(merge.jobId) : undefined;
    return { merge, ...(job?.status === 'failed' && { problem: job.problem ?? 'It failed.' }) };
  }

  /** What a request with this Idempotency-Key began before. @throws IdempotencyKeyReused */
  async begunBy({
    idempotencyKey,
    requestHash,
  }: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>): Promise<Stored<AccountMerge> | undefined> {
    if (idempotencyKey === undefined) return undefined;
    const id = idOfNew(MergeId, { idempotencyKey }, this.#clock);
    const item = await this.#table.get(accountMergeEntity.key(id));
    if (item === undefined) return undefined;
    if (item.requestHash !== requestHash) throw new IdempotencyKeyReused();
    return storedFrom<AccountMerge>(item);
  }

  /** `read` answers the two anew, let through by whoever asks, and is called again where another writer was faster. */
  async begin(
    read: () => Promise<{ readonly survivor: Stored<Account>; readonly duplicate: Stored<Account> }>,
    request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  ): Promise<Stored<AccountMerge>> {
    const begun = await this.begunBy(request);
    if (begun !== undefined) return begun;
    try {
      return await untilSaved(async () => {
        const both = await read();
        return (await this.#resumed(both)) ?? (await this.#begin(both, request));
      });
    } catch (error) {
      // The same request, sent twice at once, may have been faster: then the two are merged, as was asked.
      const twin = error instanceof Conflict ? await this.begunBy(request) : undefined;
      if (twin === undefined) throw error;
      return twin;
    }
  }

  /** The very merge of these two, taken up again where its job had failed. */
  async #resumed({
    survivor,
    duplicate,
  }: {
    readonly survivor: Account;
    readonly duplicate: Account;
  }): Promise<Stored<AccountMerge> | undefined> {
    if (duplicate.mergedInto !== survivor.id || duplicate.mergeId === undefined) return undefined;
    const { merge, problem } = await this.get(duplicate.mergeId);
    if (merge.status !== 'merging' || problem === undefined) return undefined;
    await this.#resume(merge);
    return merge;
  }

  /** Has the job that failed go on from where it stood. @throws PreconditionFailed where someone else has just done so */
  async #resume({ jobId }: AccountMerge): Promise<void> {
    const { problem: _problem, finishedAt: _finishedAt, ...job } = await this.#jobs.get(jobId);
    if (job.status !== 'failed') throw new PreconditionFailed(`The job ${jobId} goes on already.`);
    await this.#jobs.save({ ...job, status: 'queued' }, DealsJobAdvanced);
  }

  async #begin(
    before: { readonly survivor: Stored<Account>; readonly duplicate: Stored<Account> },
    request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  ): Promise<Stored<AccountMerge>> {
    const id = idOfNew(MergeId, request, this.#clock);
    const jobId = derivedId(JobId, MERGE_ACCOUNTS, id);
    const { survivor, duplicate, merge } = beginMerge(before, { id, jobId, now: this.#clock.now() });
    const settled = await this.#settledMerges(before.duplicate);
    const job = newJob({ id: jobId, kind: MERGE_ACCOUNTS, input: { mergeId: id } }, this.#clock);
    await this.#transact([
      this.#merges.writeFor(merge, [], {
        requestHash: request.idempotencyKey === undefined ? undefined : request.requestHash,
      }),
      this.#jobs.writeFor(job, DealsJobAdvanced),
      ...this.#accounts.writesFor(survivor, before.survivor, AccountChanged),
      ...this.#accounts.writesFor(duplicate, before.duplicate, AccountChanged),
      ...settled,
    ]);
    await this.#accounts.notePairs(survivor, before.survivor);
    return { ...merge, version: 1 };
  }

  /** `read` answers the survivor anew, let through by whoever asks. */
  async undo(
    id: MergeId,
    read: (merge: Stored<AccountMerge>) => Promise<Stored<Account>>,
  ): Promise<Stored<AccountMerge>> {
    return untilSaved(async () => {
      const { merge, problem } = await this.get(id);
      const survivor = await read(merge);
      if (merge.status === 'undoing' && problem !== undefined) {
        await this.#resume(merge);
        return merge;
      }
      const now = this.#clock.now();
      const jobId = derivedId(JobId, UNDO_MERGE, id);
      const undoing = beginUndo(merge, { survivor, jobId, hasFailed: problem !== undefined, now });
      const job = newJob({ id: jobId, kind: UNDO_MERGE, input: { mergeId: id } }, this.#clock);
      await this.#transact([
        this.#merges.writeFor(undoing),
        this.#jobs.writeFor(job, DealsJobAdvanced),
        // Merged further in this very moment, it would take along what is to go back.
        unchanged(accountEntity.key(survivor.id), survivor.version),
      ]);
      return { ...undoing, version: merge.version + 1 };
    });
  }

  /** That no merge into the duplicate is under way: what it has yet to bring would be left behind. */
  async #settledMerges({ id, mergedFrom = [] }: Account): Promise<readonly TransactItem[]> {
    const merges = await this.#merges.getMany(mergedFrom.map(({ mergeId }) => mergeId));
    return [...merges.values()].map((merge) => {
      if (merge.status === 'merging' || merge.status === 'undoing')
        throw new Conflict(`The merge ${merge.id} of ${id} is under way; repeat this once it is done.`);
      return unchanged(accountMergeEntity.key(merge.id), merge.version);
    });
  }

  async #transact(items: readonly TransactItem[]): Promise<void> {
    try {
      await this.#table.transact(items);
    } catch (error) {
      if (error instanceof ConditionFailed) throw new PreconditionFailed(error.detail);
      throw error;
    }
  }
}

const unchanged = (key: ReturnType<typeof accountEntity.key>, version: number): TransactItem => ({
  check: key,
  condition: equals({ version }),
});
