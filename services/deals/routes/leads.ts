import * as z from 'zod';
import { LeadUpdated } from '../../../shared/events/leads.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { NoContent, route } from '../../../shared/http/route.ts';
import { LeadId, MemberId } from '../../../shared/ids/id.ts';
import { ExternalId } from '../domain/account.ts';
import {
  assertReachable,
  erasedLead,
  LeadDetails,
  leadIdOfExternal,
  newLead,
  OpenStatus,
} from '../domain/leads/lead.ts';
import { editedLead } from '../domain/leads/lead-edits.ts';
import { assertMaySetSource } from '../domain/reserved-source.ts';
import { leadToChange, leadToRead } from '../leads/lead-access.ts';
import { shownLead } from '../leads/shown-leads.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { leadParams, LeadResource } from './lead-resource.ts';

const createLead = route({
  method: 'POST',
  path: '/v1/leads',
  scope: 'sales/deals.write',
  summary: 'Create a lead',
  description:
    'Without an owner it goes to the one who has the fewest open leads in proportion to capacity, among the present owners of the territory whose rules fit; `routedBy` says why. `score` and `reasons` follow from what is told. One that repeats an open lead, a contact or an account is marked `duplicateOf`.',
  status: 201,
  idempotent: true,
  body: LeadDetails.partial().extend({
    ownerId: MemberId.optional(),
    externalId: ExternalId.optional().describe(
      'Its id in another system. Identifies it in imports; never changes.',
    ),
  }),
  example: {
    name: 'Livia Serra',
    company: 'Osteria Blu',
    email: 'livia@osteria-blu.example',
    jobTitle: 'Owner',
    source: 'website',
    country: 'IT',
    message: 'Which sauces come in ten litres?',
  },
  response: LeadResource,
  async handle(request, { leads, references, visibility, clock, table }: SellingDeps) {
    const { ownerId, ...body } = request.body;
    assertReachable(body);
    assertMaySetSource(request.actor, body.source);
    await references.check({ ownerId });
    if (ownerId !== undefined) await visibility.assertMayOwn(ownerId);
    const id =
      body.externalId === undefined ? idOfNew(LeadId, request, clock) : leadIdOfExternal(body.externalId);
    const lead = newLead({ ...body, id }, clock.now());
    const created = await leads.create(
      ownerId === undefined
        ? lead
        : { ...lead, ownerId, routedBy: { by: 'hand', reason: 'It was made with this owner.' } },
      request,
    );
    return shownLead(created, table);
  },
});

const getLead = route({
  method: 'GET',
  path: '/v1/leads/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a lead',
  params: leadParams,
  response: LeadResource,
  handle: async ({ params }, deps: SellingDeps) => shownLead(await leadToRead(params.id, deps), deps.table),
});

const { shape } = LeadDetails;

const changeLead = route({
  method: 'PATCH',
  path: '/v1/leads/{id}',
  scope: 'sales/deals.write',
  summary: 'Change an open lead',
  description:
    'Null empties a field; `duplicateOf: null` says that it repeats nothing after all. One that is nobody’s is routed anew when something changes that the territory rules go by.',
  params: leadParams,
  body: z
    .strictObject({
      name: shape.name.nullable(),
      company: shape.company.nullable(),
      email: shape.email.nullable(),
      phone: shape.phone.nullable(),
      jobTitle: shape.jobTitle.nullable(),
      source: shape.source.nullable(),
      country: shape.country.nullable(),
      region: shape.region.nullable(),
      postalCode: shape.postalCode.nullable(),
      industry: shape.industry.nullable(),
      segment: shape.segment.nullable(),
      annualRevenue: shape.annualRevenue.nullable(),
      employees: shape.employees.nullable(),
      message: shape.message.nullable(),
      status: OpenStatus,
      duplicateOf: z.null(),
    })
    .partial(),
  example: { status: 'qualified', employees: 25 },
  response: LeadResource,
  async handle({ params, body, ifMatch, actor }, deps: SellingDeps) {
    const lead = await leadToChange(params.id, ifMatch, deps);
    assertMaySetSource(actor, body.source);
    const { edited, isToBeRouted } = editedLead(lead, body, deps.clock.now());
    const saved =
      edited === lead
        ? lead
        : await deps.leads.save(edited, { from: lead, event: LeadUpdated, route: isToBeRouted });
    return shownLead(saved, deps.table);
  },
});

const eraseLead = route({
  method: 'DELETE',
  path: '/v1/leads/{id}',
  scope: 'sales/deals.write',
  summary: 'Erase a lead',
  description:
    'Everything that says who it was is gone for good; what is left counts on in the numbers. Account, contact and deal that were made of it have routes of their own.',
  status: 204,
  params: leadParams,
  response: NoContent,
  async handle({ params, ifMatch }, deps: SellingDeps) {
    const lead = await leadToChange(params.id, ifMatch, deps);
    await deps.leads.save(erasedLead(lead, deps.clock.now()), { from: lead, event: LeadUpdated });
  },
});

export const leadRoutes = [createLead, getLead, changeLead, eraseLead] as const;
