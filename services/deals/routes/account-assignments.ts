import * as z from 'zod';
import { BadRequest, Unprocessable } from '../../../shared/errors/errors.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { JobId } from '../../../shared/ids/id.ts';
import { type Job, JobStatus, newJob } from '../../../shared/jobs/job.ts';
import { Money } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { AccountMove } from '../domain/account-move.ts';
import { ASSIGN_ACCOUNTS, AssignmentInput, ProposedTerritory } from '../domain/assignment-job.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { AccountMoves } from '../store/account-moves.ts';

const Assignment = z
  .object({
    id: JobId,
    status: JobStatus,
    dryRun: z.boolean(),
    createdAt: Instant,
    finishedAt: Instant.optional(),
    problem: z.string().optional().describe('Why it failed.'),
    counts: z.object({
      accounts: z.int().describe('Looked at so far.'),
      moving: z.int().describe('That move, or would.'),
      deals: z.int().describe('Open deals that move with them.'),
      openValue: Money.describe('Of those deals, in the reporting currency, as far as a rate is known.'),
    }),
  })
  .meta({ id: 'AccountAssignment' });

const shown = async (job: Job, { directory }: SellingDeps) => {
  const { reportingCurrency } = await directory.organization();
  const { accounts = 0, moving = 0, deals = 0, openValue = 0 } = job.counts;
  return {
    ...job,
    dryRun: AssignmentInput.parse(job.input).dryRun,
    counts: { accounts, moving, deals, openValue: { amount: openValue, currency: reportingCurrency } },
  };
};

const assign = route({
  method: 'POST',
  path: '/v1/account-assignments',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Preview or carry out what the territory rules say of all accounts',
  description:
    'Of the accounts that the rules assigned, those that they would have elsewhere are listed and, with dryRun false, moved: the account, and its open deals, which go to the new owner where they were the account’s former owner’s. Closed deals stay as they are. A dry run can try territories with other rules or owners than they have.',
  status: 202,
  idempotent: true,
  body: z.strictObject({
    dryRun: z.boolean().default(true),
    territories: z.array(ProposedTerritory).max(100).optional().describe('For a dry run only.'),
  }),
  example: { dryRun: true },
  response: Assignment,
  async handle(request, deps: SellingDeps) {
    const { dryRun, territories } = request.body;
    await assertProposable(request.body, deps);
    const input = { dryRun, ...(territories && { territories }) };
    const id = idOfNew(JobId, request, deps.clock);
    const job = await deps.jobs.startFor(newJob({ id, kind: ASSIGN_ACCOUNTS, input }, deps.clock), request);
    return shown(job, deps);
  },
});

const getAssignment = route({
  method: 'GET',
  path: '/v1/account-assignments/{id}',
  scope: 'sales/deals.read',
  adminsOnly: true,
  summary: 'Get how far an assignment of accounts is, and a page of the accounts that move',
  description: 'The accounts that move are kept for 30 days.',
  params: z.object({ id: JobId }),
  query: pageQuery,
  response: Assignment.extend({ moves: page(AccountMove) }).meta({ id: 'AccountAssignmentReport' }),
  async handle({ params: { id }, query }, deps: SellingDeps) {
    const job = await deps.jobs.get(id, ASSIGN_ACCOUNTS);
    const binding = { list: 'account-moves', id };
    const moves = new AccountMoves(deps.table);
    const { items, lastKey } = await moves.page(id, {
      limit: query.limit,
      after: positionOf(query, binding),
    });
    return { ...(await shown(job, deps)), moves: pageOf(items, lastKey, binding) };
  },
});

const assertProposable = async (
  {
    dryRun,
    territories = [],
  }: { readonly dryRun: boolean; readonly territories?: ProposedTerritory[] | undefined },
  { directory }: SellingDeps,
): Promise<void> => {
  if (territories.length === 0) return;
  if (!dryRun)
    throw new BadRequest('Territories can be tried in a dry run only.', [
      {
        path: '/territories',
        message: 'must be left out unless dryRun is true; PATCH /v1/territories/{id} first',
      },
    ]);
  const known = await Promise.all(territories.map(async ({ id }) => directory.territory(id)));
  const members = await Promise.all(
    territories.map(async ({ ownerIds = [] }) =>
      Promise.all(ownerIds.map(async (id) => directory.member(id))),
    ),
  );
  const errors = territories.flatMap(({ id, ownerIds = [] }, index) => [
    ...(known[index] === undefined
      ? [{ path: `/territories/${index}/id`, message: `there is no territory ${id}` }]
      : []),
    ...(territories.findIndex((each) => each.id === id) < index
      ? [{ path: `/territories/${index}/id`, message: `names ${id} again; once is enough` }]
      : []),
    ...ownerIds.flatMap((ownerId, place) =>
      members[index]?.[place] === undefined
        ? [{ path: `/territories/${index}/ownerIds/${place}`, message: `there is no member ${ownerId}` }]
        : [],
    ),
  ]);
  if (errors.length > 0) throw new Unprocessable('The proposal can’t be tried.', errors);
};

export const accountAssignmentRoutes = [assign, getAssignment] as const;
