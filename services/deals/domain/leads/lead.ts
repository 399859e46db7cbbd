import * as z from 'zod';
import { Unprocessable } from '../../../../shared/errors/errors.ts';
import { type LeadState, LeadStatus } from '../../../../shared/events/leads.ts';
import {
  AccountId,
  ContactId,
  DealId,
  derivedId,
  LeadId,
  MemberId,
  TeamId,
  TerritoryId,
} from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';
import { AccountDetails, AccountName, ExternalId } from '../account.ts';
import { Email, JobTitle, Phone } from '../contact.ts';
import { RoutedBy } from './routing.ts';
import { ScoreReason } from './score.ts';

const { industry, segment, country, region, postalCode, annualRevenue } = AccountDetails.shape;

export const LeadName = z.string().trim().min(1, 'must not be empty').max(200);
export const LeadSource = z.string().trim().min(1, 'must not be empty').max(100);
export const Employees = z.int('must be a whole number').min(0).max(100_000_000);
export const Message = z.string().trim().min(1, 'must not be empty').max(4_000);

/** What whoever asks, or whoever enters it, tells of a lead. */
export const LeadDetails = z.object({
  name: LeadName.describe('Of the person.'),
  company: AccountName,
  email: Email,
  phone: Phone,
  jobTitle: JobTitle,
  source: LeadSource.describe('Where it came from, as deals have it.'),
  country,
  region,
  postalCode,
  industry,
  segment,
  annualRevenue,
  employees: Employees,
  message: Message,
});

/** What a lead repeats. */
export const DuplicateOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lead'), id: LeadId }),
  z.object({ kind: z.literal('contact'), id: ContactId }),
  z.object({ kind: z.literal('account'), id: AccountId }),
]);
export type DuplicateOf = z.infer<typeof DuplicateOf>;

export const Conversion = z.object({
  at: Instant,
  accountId: AccountId,
  contactId: ContactId.optional(),
  dealId: DealId.optional(),
  /** Of the request that converted it: the same one again is answered, another one refused. */
  requestHash: z.string(),
});

export const Disqualification = z.object({
  at: Instant,
  reason: z.string(),
  note: z.string().optional(),
});

/** Someone who may buy. An erased one is left as a tombstone that tells nothing of the person. */
export const Lead = LeadDetails.partial().extend({
  id: LeadId,
  externalId: ExternalId.optional(),
  status: LeadStatus,
  score: z.int(),
  reasons: z.array(ScoreReason),
  ownerId: MemberId.optional(),
  territoryId: TerritoryId.optional(),
  routedBy: RoutedBy,
  teamPath: z.array(TeamId),
  territoryPath: z.array(TerritoryId),
  duplicateOf: DuplicateOf.optional(),
  /** Somebody said by hand that it repeats nothing. */
  notDuplicate: z.boolean().optional(),
  /** When somebody last did something about it. */
  lastActivityAt: Instant.optional(),
  conversion: Conversion.optional(),
  disqualification: Disqualification.optional(),
  /** Why it was last reopened. */
  reopenReason: z.string().optional(),
  /** Of the row of a file that it was last imported from. */
  importHash: z.string().optional(),
  deleted: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Lead = z.infer<typeof Lead>;

export const openStatuses = ['new', 'working', 'qualified'] as const;
export const OpenStatus = z.enum(openStatuses);

export const isOpen = ({ status, deleted }: Pick<Lead, 'status' | 'deleted'>): boolean =>
  !deleted && openStatuses.some((open) => open === status);

/** The same lead of the other system is the same lead here. */
export const leadIdOfExternal = (externalId: string): LeadId =>
  derivedId(LeadId, 'lead', 'external', externalId);

/** Of a file that knows leads by nothing but their e-mail address. */
export const leadIdOfEmail = (email: string): LeadId => derivedId(LeadId, 'lead', 'email', email);

/** @throws Unprocessable for a lead of whom nothing is known to begin with */
export const assertReachable = ({ name, company, email }: Pick<Lead, 'name' | 'company' | 'email'>): void => {
  if (name !== undefined || company !== undefined || email !== undefined) return;
  throw new Unprocessable('A lead needs a name, a company or an e-mail address.', [
    { path: '/name', message: 'is required unless there is a company or an email' },
  ]);
};

/** A lead as it begins; whose it is, its score and what it repeats are found out when it is written. */
export const newLead = (
  fresh: z.infer<ReturnType<typeof LeadDetails.partial>> & Pick<Lead, 'id' | 'externalId'>,
  now: Instant,
): Lead => ({
  ...fresh,
  status: 'new',
  score: 0,
  reasons: [],
  routedBy: { by: 'nobody', reason: 'It was not routed yet.' },
  teamPath: [],
  territoryPath: [],
  deleted: false,
  createdAt: now,
  updatedAt: now,
});

/** What is left of an erased lead: what numbers are counted by, and nothing that says who it was. */
export const erasedLead = (lead: Lead, now: Instant): Lead => ({
  id: lead.id,
  status: lead.status,
  ...(lead.source !== undefined && { source: lead.source }),
  score: lead.score,
  reasons: [],
  ...(lead.ownerId !== undefined && { ownerId: lead.ownerId }),
  ...(lead.territoryId !== undefined && { territoryId: lead.territoryId }),
  routedBy: lead.routedBy,
  teamPath: lead.teamPath,
  territoryPath: lead.territoryPath,
  ...(lead.duplicateOf !== undefined && { duplicateOf: lead.duplicateOf }),
  ...(lead.conversion !== undefined && { conversion: lead.conversion }),
  ...(lead.disqualification !== undefined && {
    disqualification: { at: lead.disqualification.at, reason: lead.disqualification.reason },
  }),
  deleted: true,
  createdAt: lead.createdAt,
  updatedAt: now,
});

/** What events tell of a lead. */
export const leadState = ({ conversion, disqualification, duplicateOf, ...lead }: Lead): LeadState => ({
  id: lead.id,
  status: lead.status,
  ...(lead.source !== undefined && { source: lead.source }),
  score: lead.score,
  ...(lead.ownerId !== undefined && { ownerId: lead.ownerId }),
  teamPath: lead.teamPath,
  territoryPath: lead.territoryPath,
  createdAt: lead.createdAt,
  ...(conversion && { convertedAt: conversion.at, accountId: conversion.accountId }),
  ...(conversion?.contactId !== undefined && { contactId: conversion.contactId }),
  ...(conversion?.dealId !== undefined && { dealId: conversion.dealId }),
  ...(disqualification && {
    disqualifiedAt: disqualification.at,
    disqualifiedReason: disqualification.reason,
  }),
  duplicate: duplicateOf !== undefined,
  deleted: lead.deleted,
});
