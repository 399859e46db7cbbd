import * as z from 'zod';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, MergeId } from '../../../shared/ids/id.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { ShownMerge } from '../accounts/merge/merges.ts';
import type { Account } from '../domain/account.ts';
import { AccountMerge, undoableUntil } from '../domain/account-merge.ts';
import type { SellingDeps } from '../selling-deps.ts';

const MergeResource = AccountMerge.omit({ filled: true, jobId: true })
  .extend({
    accountId: AccountId.describe('The account that stays.'),
    duplicateId: AccountId.describe('The account that became part of it.'),
    status: z.enum([...AccountMerge.shape.status.options, 'failed']),
    problem: z.string().optional().describe('Why it failed.'),
    leftBehind: AccountMerge.shape.leftBehind.describe(
      'Records that could not be moved; the first 50. They are tried again every day.',
    ),
    filled: z
      .array(z.string())
      .describe('Details that the account had not, and took over from the duplicate.'),
    undoableUntil: Instant,
    version: z.int(),
  })
  .meta({ id: 'AccountMerge' });

const shown = ({ merge, problem }: ShownMerge): z.input<typeof MergeResource> => {
  const { fields, domains, externalIds, place } = merge.filled;
  return {
    ...merge,
    ...(problem !== undefined && { status: 'failed', problem }),
    filled: [
      ...Object.keys(fields),
      ...(domains.length > 0 ? ['domains'] : []),
      ...(externalIds.length > 0 ? ['externalIds'] : []),
      ...(place?.ownerId === undefined ? [] : ['ownerId']),
      ...(place?.territoryId === undefined ? [] : ['territoryId']),
    ],
    undoableUntil: undoableUntil(merge),
  };
};

/** @throws Unprocessable naming each that there is not */
const bothOf = async (
  { accountId, duplicateId }: { readonly accountId: AccountId; readonly duplicateId: AccountId },
  { accounts }: SellingDeps,
): Promise<{ readonly survivor: Stored<Account>; readonly duplicate: Stored<Account> }> => {
  const [survivor, duplicate] = await Promise.all([accounts.find(accountId), accounts.find(duplicateId)]);
  if (survivor !== undefined && duplicate !== undefined) return { survivor, duplicate };
  const missing = [
    ...(survivor === undefined ? [{ path: '/accountId', message: `there is no account ${accountId}` }] : []),
    ...(duplicate === undefined
      ? [{ path: '/duplicateId', message: `there is no account ${duplicateId}` }]
      : []),
  ];
  throw new Unprocessable('The request refers to something that does not exist.', missing);
};

const startMerge = route({
  method: 'POST',
  path: '/v1/account-merges',
  scope: 'sales/deals.write',
  summary: 'Merge an account into another',
  description:
    'What belongs to the duplicate moves to the account: deals, open and closed, and whatever else refers to it. Closed deals keep the money, industry, segment, territory and credits that they closed with. The account’s own details win; what it lacks, it takes over. For 30 days the merge can be undone. What can’t be moved stays, and is named in `leftBehind`. A merge that failed goes on when it is asked for again. For whoever may change both accounts.',
  status: 202,
  idempotent: true,
  body: z.object({
    accountId: AccountId.describe('The account that stays.'),
    duplicateId: AccountId.describe('The account that becomes part of it.'),
  }),
  example: {
    accountId: 'acct_01JD0000000000000000000000',
    duplicateId: 'acct_01JD0000000000000000000001',
  },
  response: MergeResource,
  async handle(request, deps: SellingDeps) {
    const { visibility, merges } = deps;
    const read = async () => {
      const both = await bothOf(request.body, deps);
      await visibility.assertMayChangeAccount(both.survivor);
      await visibility.assertMayChangeAccount(both.duplicate);
      return both;
    };
    return shown({ merge: await merges.begin(read, request) });
  },
});

const params = z.object({ id: MergeId });

const getMerge = route({
  method: 'GET',
  path: '/v1/account-merges/{id}',
  scope: 'sales/deals.read',
  summary: 'Get how far a merge of accounts is, or its undoing',
  params,
  response: MergeResource,
  handle: async ({ params: { id } }, { merges }: SellingDeps) => shown(await merges.get(id)),
});

const undoMerge = route({
  method: 'POST',
  path: '/v1/account-merges/{id}/undo',
  via: '/v1/account-merges/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Undo a merge of accounts',
  description:
    'What the merge moved goes back, but for what was given to a third account since; what came to the account after the merge stays. Possible for 30 days, and not once the account was itself merged into another. An undoing that failed goes on when it is asked for again.',
  status: 202,
  params,
  response: MergeResource,
  async handle({ params: { id }, ifMatch }, deps: SellingDeps) {
    const { visibility, merges } = deps;
    const merge = await merges.undo(id, async (before) => {
      const { survivor, duplicate } = await bothOf(before, deps);
      await visibility.assertMayChangeAccount(survivor);
      await visibility.assertMayChangeAccount(duplicate);
      assertVersion(before, ifMatch, `account merge ${id}`);
      return survivor;
    });
    return shown({ merge });
  },
});

export const accountMergeRoutes = [startMerge, getMerge, undoMerge] as const;
