import * as z from 'zod';
import { LeadDisqualified, LeadUpdated } from '../../../shared/events/leads.ts';
import { route } from '../../../shared/http/route.ts';
import { AccountId, ContactId, MemberId, PipelineId } from '../../../shared/ids/id.ts';
import { Money } from '../../../shared/money/money.ts';
import { AccountName } from '../domain/account.ts';
import { DealDetails, DealName } from '../domain/deal-edits.ts';
import {
  assertOpenLead,
  disqualificationReasons,
  disqualified,
  reopened,
} from '../domain/leads/lead-steps.ts';
import { convertLead } from '../leads/convert-lead.ts';
import { leadToChange } from '../leads/lead-access.ts';
import { shownLead } from '../leads/shown-leads.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { leadParams, LeadResource } from './lead-resource.ts';

const Text = z.string().trim().min(1, 'must not be empty').max(500);
const via = '/v1/leads/{id}/{step}';

const convert = route({
  method: 'POST',
  path: '/v1/leads/{id}/convert',
  via,
  scope: 'sales/deals.write',
  summary: 'Make an account, a contact and perhaps a deal of an open lead',
  description:
    'All at once or not at all. The account is the given one, else the one that is known by the lead’s address or its company’s domain, else a new one. The same request again answers what the first one made.',
  params: leadParams,
  body: z.strictObject({
    accountId: AccountId.optional(),
    accountName: AccountName.optional().describe('Of a new account; the lead’s company unless given.'),
    contactId: ContactId.optional().describe(
      'Of the account; found by the lead’s address, or made, unless given.',
    ),
    deal: DealDetails.omit({ accountId: true, contactIds: true, competitor: true })
      .extend({
        name: DealName.optional().describe('The account’s unless given.'),
        pipelineId: PipelineId.optional(),
        stage: z.string().optional(),
        amount: Money.optional(),
      })
      .optional()
      .describe('Without it no deal is made.'),
  }),
  example: {
    accountName: 'Osteria Blu',
    deal: { name: 'Sauces for Osteria Blu', amount: { amount: 250_000, currency: 'USD' } },
  },
  response: LeadResource,
  handle: async (request, deps: SellingDeps) => shownLead(await convertLead(request, deps), deps.table),
});

const disqualify = route({
  method: 'POST',
  path: '/v1/leads/{id}/disqualify',
  via,
  scope: 'sales/deals.write',
  summary: 'Give up an open lead',
  params: leadParams,
  body: z.strictObject({
    reason: z.string().describe(`One of ${disqualificationReasons.join(', ')}.`),
    note: Text.optional(),
  }),
  example: { reason: 'no budget', note: 'Asked to be called next year' },
  response: LeadResource,
  async handle({ params, body, ifMatch }, deps: SellingDeps) {
    const lead = await leadToChange(params.id, ifMatch, deps);
    const given = disqualified(lead, { ...body, now: deps.clock.now() });
    return shownLead(await deps.leads.save(given, { from: lead, event: LeadDisqualified }), deps.table);
  },
});

const reopen = route({
  method: 'POST',
  path: '/v1/leads/{id}/reopen',
  via,
  scope: 'sales/deals.write',
  summary: 'Work a disqualified lead again',
  description: 'A converted one is never reopened: what was made of it counts.',
  params: leadParams,
  body: z.strictObject({ reason: Text }),
  example: { reason: 'Has a budget now' },
  response: LeadResource,
  async handle({ params, body, ifMatch }, deps: SellingDeps) {
    const lead = await leadToChange(params.id, ifMatch, deps);
    const open = reopened(lead, { reason: body.reason, now: deps.clock.now() });
    return shownLead(await deps.leads.save(open, { from: lead, event: LeadUpdated }), deps.table);
  },
});

const assign = route({
  method: 'POST',
  path: '/v1/leads/{id}/assign',
  via,
  scope: 'sales/deals.write',
  summary: 'Give an open lead to someone, or let the rules say to whom',
  params: leadParams,
  body: z.strictObject({
    ownerId: MemberId.optional().describe('Without it the territory rules say, and the members’ open leads.'),
  }),
  example: {},
  response: LeadResource,
  async handle({ params, body: { ownerId }, ifMatch }, deps: SellingDeps) {
    const lead = await leadToChange(params.id, ifMatch, deps);
    assertOpenLead(lead, 'given to anyone');
    const now = deps.clock.now();
    if (ownerId === undefined)
      return shownLead(
        await deps.leads.save({ ...lead, updatedAt: now }, { from: lead, event: LeadUpdated, route: true }),
        deps.table,
      );
    await deps.references.check({ ownerId });
    await deps.visibility.assertMayOwn(ownerId);
    if (ownerId === lead.ownerId) return shownLead(lead, deps.table);
    const routedBy = { by: 'hand', reason: 'It was given to this owner.' } as const;
    const given = { ...lead, ownerId, routedBy, updatedAt: now };
    return shownLead(await deps.leads.save(given, { from: lead, event: LeadUpdated }), deps.table);
  },
});

export const leadStepRoutes = [convert, disqualify, reopen, assign] as const;
