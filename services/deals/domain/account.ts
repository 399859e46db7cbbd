import * as z from 'zod';
import { AccountId, derivedId, MemberId, MergeId, TerritoryId } from '../../../shared/ids/id.ts';
import { emailKey, nameKey } from '../../../shared/directory/name-key.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { domainKey, HOST_NAME, taxIdKey } from './account-keys.ts';

export const AccountName = z.string().trim().min(1, 'must not be empty').max(200);

/** In major units of the reporting currency: an estimate to sort accounts by, not money to add up. */
const AnnualRevenue = z
  .number()
  .min(0, 'must not be negative')
  .max(1_000_000_000_000_000, 'must be 1,000,000,000,000,000 at most')
  .describe('In major units of the reporting currency.');

/** A company's host name, as of its web site or its mail: lower case, international ones in their ASCII form. */
export const AccountDomain = z
  .string()
  .max(253)
  .overwrite(domainKey)
  .regex(HOST_NAME, 'must be a host name such as rossi.example, without https:// and path');
export const AccountDomains = z
  .array(AccountDomain)
  .max(10, 'must be 10 at most')
  .overwrite((domains) => [...new Set(domains)]);

const TaxId = z
  .string()
  .max(60)
  .overwrite(taxIdKey)
  .regex(/^[A-Z0-9/&Ñ]{2,30}$/, 'must be 2 to 30 letters and digits')
  .describe('VAT or tax number; kept in capitals, without spaces, dots and dashes.');

const AccountEmail = z
  .string()
  .max(254)
  .overwrite(emailKey)
  .pipe(z.email('must be an e-mail address'))
  .describe('The company’s own address, kept in lower case.');

export const AccountDetails = z.strictObject({
  industry: z.string().min(1).max(100),
  segment: z.string().min(1).max(100),
  country: z.string().min(1).max(100),
  region: z.string().min(1).max(100),
  postalCode: z.string().min(1).max(20),
  annualRevenue: AnnualRevenue,
  taxId: TaxId,
  email: AccountEmail,
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
  domains: AccountDomains.optional(),
  assignedBy: z
    .enum(['rule', 'hand'])
    .optional()
    .describe('Who decides about territory and owner: the territory rules, or, also where absent, a person.'),
  mergedInto: AccountId.optional().describe(
    'The account that this one was merged into, and that what refers to it belongs to.',
  ),
  mergeId: MergeId.optional().describe('The merge by which it was.'),
  mergedFrom: z
    .array(z.object({ accountId: AccountId, mergeId: MergeId }))
    .optional()
    .describe('The accounts that were merged into this one, without those that had been merged into them.'),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Account = z.infer<typeof Account>;

export const accountIdOfExternal = (externalId: string): AccountId =>
  derivedId(AccountId, 'account', 'external', externalId);

/** The id of an account that is known by its name alone, as in a file: the same name is the same account. */
export const accountIdOfName = (name: string): AccountId =>
  derivedId(AccountId, 'account', 'name', nameKey(name));
