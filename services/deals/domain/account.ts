import * as z from 'zod';
import { AccountId, derivedId, MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { Instant } from '../../../shared/time/instant.ts';

export const AccountName = z.string().trim().min(1, 'must not be empty').max(200);

/** In major units of the reporting currency: an estimate to sort accounts by, not money to add up. */
const AnnualRevenue = z
  .number()
  .min(0, 'must not be negative')
  .max(1_000_000_000_000_000, 'must be 1,000,000,000,000,000 at most')
  .describe('In major units of the reporting currency.');

export const AccountDetails = z.strictObject({
  industry: z.string().min(1).max(100),
  segment: z.string().min(1).max(100),
  country: z.string().min(1).max(100),
  region: z.string().min(1).max(100),
  postalCode: z.string().min(1).max(20),
  annualRevenue: AnnualRevenue,
  ownerId: MemberId,
  territoryId: TerritoryId,
});

export const ExternalId = z.string().trim().min(1).max(200);

/** Ids of the account in other systems; the first one makes its id here, so that creating it again meets it. */
export const ExternalIds = z.array(ExternalId).max(10);

export const Account = AccountDetails.partial().extend({
  id: AccountId,
  name: AccountName,
  externalIds: ExternalIds,
  assignedBy: z
    .enum(['rule', 'hand'])
    .optional()
    .describe('Who decides about territory and owner: the territory rules, or, also where absent, a person.'),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Account = z.infer<typeof Account>;

export const accountIdOfExternal = (externalId: string): AccountId =>
  derivedId(AccountId, 'account', 'external', externalId);

/** The id of an account that is known by its name alone, as in a file: the same name is the same account. */
export const accountIdOfName = (name: string): AccountId =>
  derivedId(AccountId, 'account', 'name', nameKey(name));
