import * as z from 'zod';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { OrganizationState, PaceThresholds } from '../../../shared/events/team.ts';
import { route } from '../../../shared/http/route.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day } from '../../../shared/time/instant.ts';
import { isTimeZone } from '../../../shared/time/zone.ts';
import { Name } from '../domain/name.ts';
import type { TeamDeps } from './deps.ts';

const Organization = OrganizationState.extend({ version: z.int() }).meta({ id: 'Organization' });

const thresholds = PaceThresholds.strict().refine(
  ({ ahead, onTrack, atRisk }) => 0 < atRisk && atRisk < onTrack && onTrack < ahead && ahead <= 10,
  'must rise from atRisk over onTrack to ahead, within 0 and 10',
);

const businessDays = z
  .array(z.int().min(1).max(7))
  .min(1, 'must name at least one day of the week')
  .refine((days) => new Set(days).size === days.length, 'must name each day once')
  .transform((days) => days.toSorted((a, b) => a - b));

const holidays = z
  .array(Day)
  .max(200, 'must be 200 days at most')
  .refine((days) => new Set(days).size === days.length, 'must name each day once')
  .transform((days) => days.toSorted());

const Settings = z.strictObject({
  name: Name,
  reportingCurrency: Currency.optional(),
  timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Rome').optional(),
  fiscalYearStartMonth: z.int().min(1).max(12).optional(),
  businessDays: businessDays.default(defaultOrganization.businessDays).describe('ISO weekdays: 1 is Monday.'),
  paceThresholds: thresholds.default(defaultOrganization.paceThresholds),
  holidays: holidays.optional().describe('Days without business beside those of the week.'),
  candidateRetentionDays: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe('Days after which what a rejected candidate told is deleted; 180 unless given.'),
});

export const getOrganization = route({
  method: 'GET',
  path: '/v1/organization',
  scope: 'sales/team.read',
  summary: 'Get the organization’s settings',
  description: 'Version 0 are the defaults, which hold until the settings are first put.',
  response: Organization,
  handle: async (_request, { organization }: TeamDeps) => organization.get(),
});

export const putOrganization = route({
  method: 'PUT',
  path: '/v1/organization',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Set the organization’s settings',
  description:
    'All of them: what is left out gets its default. Reporting currency, time zone and start of the fiscal year stay as they are where they are left out; once they are set up, POST /v1/organization/changes changes them.',
  body: Settings,
  example: { name: 'PastaPro' },
  response: Organization,
  handle: async ({ body, ifMatch }, { organization }: TeamDeps) => organization.put(body, ifMatch),
});
