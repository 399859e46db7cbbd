import * as z from 'zod';
import type { Actor } from '../../../shared/auth/actor.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import { DealDeleted, DealUpdated } from '../../../shared/events/deals.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { DealId, MemberId, PipelineId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { amountOf, dealIdOfExternal, newDeal, Splits } from '../domain/deal.ts';
import { DealDetails, DealEdit, DealName, edit } from '../domain/deal-edits.ts';
import { remove } from '../domain/deal-steps.ts';
import { LineItems } from '../domain/line-items.ts';
import { assertTakesDeals, firstStage, namedStage } from '../domain/pipeline.ts';
import { assertMaySetSource } from '../domain/reserved-source.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { dealParams, DealResource, shownDeal } from './deal-resource.ts';

const createDeal = route({
  method: 'POST',
  path: '/v1/deals',
  scope: 'sales/deals.write',
  summary: 'Create a deal',
  description:
    'Without an owner it is the caller’s own; without a stage it starts in the first one; without an amount it has that of its line items, or 0.',
  status: 201,
  idempotent: true,
  body: DealDetails.extend({
    name: DealName,
    ownerId: MemberId.optional(),
    pipelineId: PipelineId.optional(),
    stage: z.string().optional().describe('Key of a stage of GET /v1/pipelines; the first one unless given.'),
    amount: Money.optional(),
    lineItems: LineItems.default([]),
    splits: Splits.default([]),
    externalId: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('The deal’s id in another system. Identifies it in imports; never changes.'),
  }),
  example: {
    name: 'Trattoria Rossi, autumn menu',
    stage: 'qualification',
    amount: { amount: 129_900, currency: 'USD' },
    expectedCloseOn: '2026-12-15',
    source: 'referral',
  },
  response: DealResource,
  async handle(request, deps: SellingDeps) {
    const { deals, references, visibility, directory, pipelines, clock } = deps;
    const { ownerId: givenOwner, pipelineId, stage, amount, ...body } = request.body;
    const ownerId = givenOwner ?? ownOf(request.actor);
    const pipeline = await pipelines.named(pipelineId);
    assertTakesDeals(pipeline);
    assertMaySetSource(request.actor, body.source);
    await references.check({ ...body, ownerId });
    await visibility.assertMayOwn(ownerId);
    const lineItems = await references.lineItems(body.lineItems);
    const worth = amountOf(amount, lineItems) ?? {
      amount: 0,
      currency: (await directory.organization()).reportingCurrency,
    };
    const id =
      body.externalId === undefined ? idOfNew(DealId, request, clock) : dealIdOfExternal(body.externalId);
    const fresh = {
      ...body,
      id,
      ownerId,
      pipelineId: pipeline.id,
      stage: stage === undefined ? firstStage(pipeline) : namedStage(pipeline, stage),
      lineItems,
    };
    const deal = newDeal({ ...fresh, amount: worth }, clock.now(), pipeline);
    return shownDeal(await deals.create(deal, request));
  },
});

const getDeal = route({
  method: 'GET',
  path: '/v1/deals/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a deal',
  params: dealParams,
  response: DealResource,
  handle: async ({ params }, { deals }: SellingDeps) => shownDeal(await deals.get(params.id)),
});

const changeDeal = route({
  method: 'PATCH',
  path: '/v1/deals/{id}',
  scope: 'sales/deals.write',
  summary: 'Change a deal’s details',
  description:
    'Null empties a field; a probability or forecast category that is emptied is the stage’s again. A new amount is spread over the line items in proportion. A later expectedCloseOn is a slip. An approval of discounts is withdrawn where one grows. Of a closed deal, what it counts for is frozen.',
  params: dealParams,
  body: DealEdit,
  example: { amount: { amount: 139_900, currency: 'USD' }, nextStep: 'Send the autumn menu' },
  response: DealResource,
  async handle({ params, body, ifMatch, actor }, deps: SellingDeps) {
    const { deals, references, visibility, pipelines, clock } = deps;
    const deal = await deals.toChange(params.id, ifMatch);
    assertMaySetSource(actor, body.source);
    await references.check(body);
    if (body.ownerId !== undefined) await visibility.assertMayOwn(body.ownerId);
    const lineItems = body.lineItems && (await references.lineItems(body.lineItems));
    const pipeline = await pipelines.of(deal);
    const edited = edit(deal, body, { lineItems, now: clock.now(), pipeline });
    return shownDeal(await deals.save(edited, { from: deal, event: DealUpdated }));
  },
});

const deleteDeal = route({
  method: 'DELETE',
  path: '/v1/deals/{id}',
  scope: 'sales/deals.write',
  summary: 'Delete a deal; its numbers go with it',
  status: 204,
  params: dealParams,
  response: NoContent,
  async handle({ params, ifMatch }, { deals, clock }: SellingDeps) {
    const deal = await deals.toChange(params.id, ifMatch);
    await deals.save(remove(deal, clock.now()), { from: deal, event: DealDeleted });
  },
});

const ownOf = (actor: Actor): MemberId => {
  if (actor.kind === 'member') return actor.id;
  throw new Unprocessable('A deal needs an owner.', [
    { path: '/ownerId', message: 'is required: the caller is a system, which can’t own a deal' },
  ]);
};

export const dealRoutes = [createDeal, getDeal, changeDeal, deleteDeal] as const;
