import * as z from 'zod';
import { mayChange } from '../../../shared/auth/visibility.ts';
import { BadRequest, Forbidden, NotFound, Unprocessable } from '../../../shared/errors/errors.ts';
import { DealUpdated } from '../../../shared/events/deals.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, DealId, JobId, MemberId, TeamId } from '../../../shared/ids/id.ts';
import { type Job, JobStatus, newJob } from '../../../shared/jobs/job.ts';
import { Money } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { edit } from '../domain/deal-edits.ts';
import { DealTransfer, dealTransfer, TRANSFER_DEALS, TransferInput } from '../domain/deal-transfer.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { handOverPlanned, plannedOf } from '../transfers/planned-activities.ts';
import { dealParams } from './deal-resource.ts';

/** Bounds the job. */
const MAX_OWNERS = 2_000;

const transferDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/transfer',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Give a deal another owner, and tell what moves with it and what stays',
  description:
    'An open deal counts for the new owner from now on, unless shares were agreed on; what the former owner planned on it is the new owner’s. Of a closed deal, whom it counts for is frozen. With dryRun, nothing changes.',
  params: dealParams,
  body: z.strictObject({ ownerId: MemberId, dryRun: z.boolean().default(false) }),
  example: { ownerId: 'mem_01JDB0PASTAPR0000000000003', dryRun: true },
  response: DealTransfer.extend({ dryRun: z.boolean(), version: z.int() }).meta({ id: 'DealTransfer' }),
  async handle({ params, body: { ownerId, dryRun }, ifMatch }, deps: SellingDeps) {
    const { table, deals, references, visibility, pipelines, clock } = deps;
    const deal = await deals.toChange(params.id, ifMatch);
    await references.check({ ownerId });
    await visibility.assertMayOwn(ownerId);
    const pipeline = await pipelines.of(deal);
    const given = edit(deal, { ownerId }, { now: clock.now(), pipeline });
    const [after, planned] = await Promise.all([
      deals.settled(given),
      deal.ownerId === ownerId ? [] : plannedOf(table, { dealId: deal.id, ownerId: deal.ownerId }),
    ]);
    const transfer = { ...dealTransfer(deal, after, planned.length), dryRun };
    if (dryRun) return { ...transfer, version: deal.version };
    // The deal last: a request that is repeated after a crash finds what is left to do.
    await handOverPlanned(planned, { from: deal.ownerId, to: ownerId }, deps);
    const { version } = await deals.save(given, { from: deal, event: DealUpdated });
    return { ...transfer, version };
  },
});

const DealTransfers = z
  .object({
    id: JobId,
    status: JobStatus,
    dryRun: z.boolean(),
    toOwnerId: MemberId,
    counts: z.object({
      deals: z.int().describe('Open deals that changed hands so far, or would.'),
      value: Money.describe('Of those, in the reporting currency, as far as a rate is known.'),
      unvalued: z.int().describe('Of those, without a known rate.'),
      plannedActivities: z.int().describe('Of their former owners, on those deals.'),
      closed: z.int().describe('Won and lost deals, which stay with whom they were closed for.'),
    }),
    refusedDeals: z
      .array(DealId)
      .describe('Open deals that stay where they are, for as they are they can’t be counted: 100 at most.'),
    startedAt: Instant,
    finishedAt: Instant.optional(),
    problem: z.string().optional().describe('Why it failed.'),
    version: z.int(),
  })
  .meta({ id: 'DealTransfers' });

const Found = z.object({ refusedDeals: z.array(DealId).default([]) });

const shown = async (job: Job & { readonly version: number }, { directory }: SellingDeps) => {
  const { reportingCurrency } = await directory.organization();
  const { deals = 0, value = 0, unvalued = 0, activities = 0, closed = 0 } = job.counts;
  return {
    ...job,
    ...TransferInput.parse(job.input),
    counts: {
      deals,
      value: { amount: value, currency: reportingCurrency },
      unvalued,
      plannedActivities: activities,
      closed,
    },
    refusedDeals: Found.parse(job.found ?? {}).refusedDeals,
    startedAt: job.createdAt,
  };
};

interface Filter {
  readonly fromOwnerId?: MemberId | undefined;
  readonly teamId?: TeamId | undefined;
  readonly accountId?: AccountId | undefined;
}

/**
 * Whose deals are to change hands; undefined for everyone's. Managers give away deals of those below them.
 * @throws Forbidden, Unprocessable
 */
const ownersOf = async (
  { fromOwnerId, teamId, accountId }: Filter,
  { directory, visibility }: SellingDeps,
): Promise<MemberId[] | undefined> => {
  const [viewer, snapshot, today] = await Promise.all([
    visibility.viewer(),
    directory.snapshot(),
    visibility.today(),
  ]);
  const members = snapshot.members().map((member) => ({
    ownerId: member.id,
    teamId: snapshot.teamOf(member, today),
  }));
  const subtree = teamId && new Set(snapshot.subtree(teamId));
  const asked = members.filter(
    (member) =>
      (fromOwnerId === undefined || member.ownerId === fromOwnerId) &&
      (subtree === undefined || (member.teamId !== undefined && subtree.has(member.teamId))),
  );
  const changeable = asked.filter((member) => mayChange(viewer, member));
  if (accountId === undefined && changeable.length < asked.length)
    throw new Forbidden('Managers transfer deals of the members of their teams.');
  if (fromOwnerId === undefined && teamId === undefined && viewer.sees === 'everything') return undefined;
  if (changeable.length > MAX_OWNERS)
    throw new Unprocessable(`Deals of ${MAX_OWNERS} owners at most are transferred at once.`, [
      { path: '/teamId', message: `has ${changeable.length} members; take the teams below it one by one` },
    ]);
  return changeable.map(({ ownerId }) => ownerId);
};

const transferDeals = route({
  method: 'POST',
  path: '/v1/deal-transfers',
  scope: 'sales/deals.write',
  summary: 'Preview or carry out a transfer of many open deals to one owner',
  description:
    'Of an owner, of a team with those below it, or of an account: one of them at least; a deal must meet all that are given. Managers transfer deals of the members of their teams to members of theirs. Unless dryRun is false, it only tells what would move.',
  status: 202,
  idempotent: true,
  body: z.strictObject({
    fromOwnerId: MemberId.optional(),
    teamId: TeamId.optional(),
    accountId: AccountId.optional(),
    toOwnerId: MemberId,
    dryRun: z.boolean().default(true),
  }),
  example: {
    fromOwnerId: 'mem_01JDB0PASTAPR0000000000002',
    toOwnerId: 'mem_01JDB0PASTAPR0000000000003',
    dryRun: true,
  },
  response: DealTransfers,
  async handle(request, deps: SellingDeps) {
    const { body, actor } = request;
    const { fromOwnerId, teamId, accountId, toOwnerId, dryRun } = body;
    if (fromOwnerId === undefined && teamId === undefined && accountId === undefined)
      throw new BadRequest('It isn’t said which deals are to be transferred.', [
        { path: '/fromOwnerId', message: 'is required, or teamId, or accountId' },
      ]);
    await deps.references.check({ ownerId: toOwnerId, accountId });
    await deps.visibility.assertMayOwn(toOwnerId);
    const owners = await ownersOf(body, deps);
    const input = {
      toOwnerId,
      dryRun,
      ...(owners !== undefined && { owners }),
      ...(accountId !== undefined && { accountId }),
      ...(actor.kind === 'member' && { startedBy: actor.id }),
    } satisfies TransferInput;
    const id = idOfNew(JobId, request, deps.clock);
    return shown(
      await deps.jobs.startFor(newJob({ id, kind: TRANSFER_DEALS, input }, deps.clock), request),
      deps,
    );
  },
});

const getTransfers = route({
  method: 'GET',
  path: '/v1/deal-transfers/{id}',
  scope: 'sales/deals.read',
  summary: 'Get how far a transfer of many deals is, or what it would move',
  description: 'For who started it, and admins.',
  params: z.object({ id: JobId }),
  response: DealTransfers,
  async handle({ params: { id }, actor }, deps: SellingDeps) {
    const job = await deps.jobs.get(id, TRANSFER_DEALS);
    const { startedBy } = TransferInput.parse(job.input);
    const isOwn = actor.kind === 'member' && actor.id === startedBy;
    const viewer = await deps.visibility.viewer();
    if (viewer.sees === 'nothing' || (viewer.sees === 'part' && !isOwn))
      throw new NotFound(`transfer of deals ${id}`);
    return shown(job, deps);
  },
});

export const dealTransferRoutes = [transferDeal, transferDeals, getTransfers] as const;
