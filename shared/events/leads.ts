import * as z from 'zod';
import { AccountId, ContactId, DealId, LeadId, MemberId, TeamId, TerritoryId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';
import { event } from './contract.ts';

const leadsEvent = <Data extends z.ZodType>(name: string, description: string, data: Data) =>
  event({ service: 'deals', name, major: 1, description, data });

/** The part that a contact has in buying. */
export const BuyingRole = z.enum(['decisionMaker', 'influencer', 'user', 'other']);

/** Who it is stays in deals: events carry no names and addresses. */
export const ContactState = z.object({
  id: ContactId,
  accountId: AccountId.optional(),
  role: BuyingRole.optional(),
  deleted: z.boolean(),
});
export type ContactState = z.infer<typeof ContactState>;

export const ContactChanged = leadsEvent(
  'ContactChanged',
  'A contact was made, changed or erased.',
  ContactState,
);

export const LeadStatus = z.enum(['new', 'working', 'qualified', 'converted', 'disqualified']);
export type LeadStatus = z.infer<typeof LeadStatus>;

/** Ids and codes: who the lead is stays in deals. */
export const LeadState = z.object({
  id: LeadId,
  status: LeadStatus,
  source: z.string().optional(),
  /** 0–100. */
  score: z.int(),
  /** Absent while it is nobody’s. */
  ownerId: MemberId.optional(),
  /** The owner’s team and its ancestors, the team first; as of the last write. */
  teamPath: z.array(TeamId),
  /** The territory and its ancestors, the territory first. */
  territoryPath: z.array(TerritoryId),
  createdAt: Instant,
  convertedAt: Instant.optional(),
  disqualifiedAt: Instant.optional(),
  /** One of the configured reasons. */
  disqualifiedReason: z.string().optional(),
  /** The same person is known already: out of all conversion numbers. */
  duplicate: z.boolean(),
  accountId: AccountId.optional(),
  contactId: ContactId.optional(),
  /** The deal that was made of it. */
  dealId: DealId.optional(),
  /** Erased: nothing is left but this. */
  deleted: z.boolean(),
});
export type LeadState = z.infer<typeof LeadState>;

export const LeadCreated = leadsEvent('LeadCreated', 'A lead came in.', LeadState);
export const LeadUpdated = leadsEvent(
  'LeadUpdated',
  'A lead changed: its details, its owner, its status; or it was erased.',
  LeadState,
);
export const LeadConverted = leadsEvent(
  'LeadConverted',
  'A lead became an account, a contact and perhaps a deal.',
  LeadState,
);
export const LeadDisqualified = leadsEvent('LeadDisqualified', 'A lead was given up.', LeadState);
export const leadEvents = [LeadCreated, LeadUpdated, LeadConverted, LeadDisqualified] as const;
