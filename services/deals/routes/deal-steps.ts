import * as z from 'zod';
import {
  AdjustmentKind,
  DealLost,
  DealReopened,
  DealStageChanged,
  DealUpdated,
  DealWon,
} from '../../../shared/events/deals.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { route } from '../../../shared/http/route.ts';
import { AdjustmentId } from '../../../shared/ids/id.ts';
import { Money, SignedMoney } from '../../../shared/money/money.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { adjust } from '../domain/adjustments.ts';
import { lose, moveStage, reopen, win } from '../domain/deal-steps.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { dealParams, DealResource, shownDeal } from './deal-resource.ts';

const Text = z.string().trim().min(1, 'must not be empty').max(500);
const closedAt = Instant.optional().describe('Now, unless given; never in the future.');

const moveDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/stage',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Move an open deal to another stage',
  params: dealParams,
  body: z.strictObject({ stage: z.string().describe('Key of a stage of the deal’s pipeline.') }),
  example: { stage: 'negotiation' },
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const moved = moveStage(deal, body.stage, clock.now());
    return shownDeal(await deals.save(moved, { from: deal, event: DealStageChanged }));
  },
});

const winDeal = route({
  method: 'POST',
  path: '/v1/deals/{id}/win',
  via: '/v1/deals/{id}/{step}',
  scope: 'sales/deals.write',
  summary: 'Close a deal as won',
  description: 'Freezes whom it counts for, and the exchange rate, as of the close.',
  params: dealParams,
  body: z.strictObject({
    closedAt,
    amount: Money.optional().describe('The deal’s own, unless given; spread over its line items.'),
  }),
  example: { closedAt: '2026-11-20T15:30:00Z', amount: { amount: 129_900, currency: 'USD' } },
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const now = clock.now();
    const won = win(deal, { at: body.closedAt ?? now, now, amount: body.amount });
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
    competitor: Text.optional(),
    closedAt,
  }),
  example: { reason: 'price', competitor: 'Molino Bianchi' },
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const now = clock.now();
    const { reason, competitor } = body;
    const lost = lose(deal, { at: body.closedAt ?? now, now, reason, competitor });
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
  response: DealResource,
  async handle({ params, body, ifMatch }, { deals, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    const reopened = reopen(deal, { reason: body.reason, now: clock.now() });
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

export const dealStepRoutes = [moveDeal, winDeal, loseDeal, reopenDeal, adjustDeal] as const;
