import * as z from 'zod';
import {
  AdjustmentKind,
  DealLost,
  DealReopened,
  DealStageChanged,
  DealUpdated,
  DealWon,
} from '../../../shared/events/deals.ts';
import { assertVersion } from '../../../shared/http/etag.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { route } from '../../../shared/http/route.ts';
import { AdjustmentId, PipelineId } from '../../../shared/ids/id.ts';
import { Money, SignedMoney } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { adjust } from '../domain/adjustments.ts';
import { lose, moveStage, reopen, win } from '../domain/deal-steps.ts';
import { approveDiscount, assertApproved, needsApproval } from '../domain/discounts.ts';
import { approverOf, assertMayLeave } from '../deal-checks.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { dealParams, DealResource, shownDeal } from './deal-resource.ts';

const Text = z.string().trim().min(1, 'must not be empty').max(500);
const closedAt = Instant.optional().describe('Now, unless given; never in the future.');

const moveDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/stage',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Move an open deal to another stage, or to another pipeline',
  description:
    'Going forward, the deal must meet the exit criteria of the stage that it leaves and of those that it passes over; going back, it need not. Into another pipeline, forward is to a stage of a higher probability.',
  params: dealParams,
  body: z.strictObject({
    stage: z.string().describe('Key of a stage of the pipeline.'),
    pipelineId: PipelineId.optional().describe('The deal’s own, unless given.'),
  }),
  example: { stage: 'negotiation' },
  response: DealResource,
  async handle({ params, body, ifMatch }, deps: SellingDeps) {
    const { deals, pipelines, clock } = deps;
    const deal = await deals.toChange(params.id, ifMatch);
    const from = await pipelines.of(deal);
    const pipeline = body.pipelineId === undefined ? from : await pipelines.named(body.pipelineId);
    const moved = moveStage(deal, body.stage, clock.now(), pipeline);
    await assertMayLeave(deal, { from, going: { to: 'stage', pipeline, stage: moved.stage } }, deps);
    return shownDeal(await deals.save(moved, { from: deal, event: DealStageChanged }));
  },
});

const winDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/win',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Close a deal as won',
  description:
    'Freezes whom it counts for, and the exchange rate, as of the close. The deal must meet the exit criteria of its stage and of those after it (422), and discounts above the pipeline’s threshold must be approved (409).',
  params: dealParams,
  body: z.strictObject({
    closedAt,
    amount: Money.optional().describe('The deal’s own, unless given; spread over its line items.'),
  }),
  example: { closedAt: '2026-11-20T15:30:00Z', amount: { amount: 129_900, currency: 'USD' } },
  response: DealResource,
  async handle({ params, body, ifMatch }, deps: SellingDeps) {
    const { deals, pipelines, clock } = deps;
    const deal = await deals.toChange(params.id, ifMatch);
    const now = clock.now();
    const from = await pipelines.of(deal);
    const won = win(deal, { at: body.closedAt ?? now, now, amount: body.amount });
    await assertMayLeave(deal, { from, going: { to: 'won' } }, deps);
    if (needsApproval(won, from)) assertApproved(won, from, await approverOf(won, deps));
    return shownDeal(await deals.save(won, { from: deal, event: DealWon }));
  },
});

const loseDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/lose',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Close a deal as lost',
  params: dealParams,
  body: z.strictObject({
    reason: z.string().describe('One of the pipeline’s `lostReasons`.'),
    competitor: Text.optional().describe('One of the pipeline’s `competitors`, where it has any.'),
    closedAt,
  }),
  example: { reason: 'price', competitor: 'Molino Bianchi' },
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, pipelines, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const now = clock.now();
    const { reason, competitor = deal.competitor } = body;
    const pipeline = await pipelines.of(deal);
    const lost = lose(deal, { at: body.closedAt ?? now, now, reason, competitor, pipeline });
    return shownDeal(await deals.save(lost, { from: deal, event: DealLost }));
  },
});

const reopenDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/reopen',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Open a closed deal again; its win or loss is undone',
  params: dealParams,
  body: z.strictObject({ reason: Text }),
  example: { reason: 'They changed their mind' },
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, pipelines, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const pipeline = await pipelines.of(deal);
    const reopened = reopen(deal, { reason: body.reason, now: clock.now(), pipeline });
    return shownDeal(await deals.save(reopened, { from: deal, event: DealReopened }));
  },
});

const adjustDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/adjustments',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Record a refund, chargeback or correction of a won deal',
  description:
    'Counts at its own date, at the deal’s frozen rate. A refund or chargeback takes away, whatever its sign; a correction adds or takes away.',
  idempotent: true,
  params: dealParams,
  body: z.strictObject({
    kind: AdjustmentKind,
    amount: SignedMoney,
    at: Instant.optional().describe('Now, unless given; never in the future.'),
    reason: Text,
  }),
  example: { kind: 'refund', amount: { amount: 12_000, currency: 'USD' }, reason: 'Two pallets arrived wet' },
  response: DealResource,
  async handle(request, { deals, clock }: SellingDeps) {
    const { params, body, ifMatch } = request;
    const id = idOfNew(AdjustmentId, request, clock);
    const deal = await deals.toChange(params.id, ifMatch);
    const now = clock.now();
    const adjusted = adjust(deal, { id, ...body, at: body.at ?? now }, now);
    return shownDeal(await deals.save(adjusted, { from: deal, event: DealUpdated }));
  },
});

const approveDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/approve-discount',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Approve the discounts of a deal’s line items',
  description:
    'For those whom the deal’s owner reports to, and admins; never the owner. The approval is withdrawn by itself when a line is discounted by more.',
  params: dealParams,
  body: z.strictObject({}),
  example: {},
  response: DealResource,
  async handle({ params, ifMatch, actor }, { deals, pipelines, visibility, clock }: SellingDeps) {
    const deal = await deals.get(params.id);
    await visibility.assertMayApprove(deal, `deal ${deal.id}`);
    assertVersion(deal, ifMatch, `deal ${deal.id}`);
    const by = actor.kind === 'member' ? actor.id : undefined;
    const approved = approveDiscount(deal, await pipelines.of(deal), { by, now: clock.now() });
    return shownDeal(await deals.save(approved, { from: deal, event: DealUpdated }));
  },
});

export const dealStepRoutes = [moveDeal, winDeal, loseDeal, reopenDeal, adjustDeal, approveDeal] as const;
