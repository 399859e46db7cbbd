import { expect } from 'vitest';
import { mergeAccounts } from '../../../services/deals/accounts/merge/merge-job.ts';
import { accountMergeEntity } from '../../../services/deals/accounts/merge/merge-store.ts';
import type { MoverKind } from '../../../services/deals/accounts/merge/mover.ts';
import { movers } from '../../../services/deals/accounts/merge/movers.ts';
import { undoMerge } from '../../../services/deals/accounts/merge/undo-job.ts';
import { Directory } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import { DealsJobAdvanced } from '../../../shared/events/deals.ts';
import { instantFrom } from '../../../shared/time/instant.ts';
import { runJob } from '../../support/run-jobs.ts';
import { ids, type SellingService } from './selling-service.ts';

export const cause = { correlationId: 'test', actor: 'system' } as const;
export const usd = (amount: number) => ({ amount, currency: 'USD' });

export type Body = Record<string, unknown>;

export interface CarryOut {
  readonly kinds?: readonly MoverKind[];
  readonly betweenTurns?: () => Promise<unknown>;
}

/** What merging tests do with a service. */
export const merging = (service: SellingService) => {
  const request = async (
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: object,
    status?: number,
    options = {},
  ): Promise<Body> => {
    const answer = await service.call(method, path, body, options);
    if (status !== undefined) expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    return answer.body;
  };
  const post = async (path: string, body: object, status = 201, options = {}) =>
    request('POST', path, body, status, options);
  const read = async (path: string) => request('GET', path, undefined, 200);
  const made = async (path: string, body: object) => String((await post(path, body)).id);
  const account = async (fields: object) => made('/v1/accounts', fields);
  const deal = async (accountId: string, more: object = {}) =>
    made('/v1/deals', {
      name: 'Autumn menu',
      ownerId: ids.ada,
      accountId,
      amount: usd(50_000),
      ...more,
    });
  const wonDeal = async (accountId: string, more: object = {}) => {
    const id = await deal(accountId, more);
    await post(`/v1/deals/${id}/win`, {}, 200);
    return id;
  };
  const accountOf = async (dealId: string) => (await read(`/v1/deals/${dealId}`)).accountId;

  /** Carries out what a request began, as the worker does. */
  const carryOut = async (mergeId: unknown, { kinds = movers, betweenTurns }: CarryOut = {}) => {
    const { table } = service;
    const directory = new Directory(table);
    const { jobId } = await new Repository(table, accountMergeEntity, cause).get(String(mergeId));
    const sources = { table, directory, movers: kinds };
    return runJob(jobId, {
      table,
      clock: { now: () => instantFrom(service.clock.time) },
      advanced: DealsJobAdvanced,
      handlers: [mergeAccounts(sources), undoMerge(sources)],
      ...(betweenTurns && { betweenTurns }),
    });
  };
  const begin = async (accountId: string, duplicateId: string) =>
    String((await post('/v1/account-merges', { accountId, duplicateId }, 202)).id);
  const merge = async (accountId: string, duplicateId: string) => {
    const id = await begin(accountId, duplicateId);
    await carryOut(id);
    return id;
  };
  const undo = async (id: string) => {
    await post(`/v1/account-merges/${id}/undo`, {}, 202);
    await carryOut(id);
  };
  const refusal = async (path: string, body: object) => {
    const answer = await service.call('POST', path, body);
    return { status: answer.status, detail: String(answer.body.detail) };
  };
  return {
    request,
    post,
    read,
    made,
    account,
    deal,
    wonDeal,
    accountOf,
    carryOut,
    begin,
    merge,
    undo,
    refusal,
  };
};
