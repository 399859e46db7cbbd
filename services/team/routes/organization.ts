import * as z from 'zod';
import { defaultOrganization } from '../../../shared/directory/organization.ts';
import { OrganizationState, PaceThresholds } from '../../../shared/events/team.ts';
import { route } from '../../../shared/http/route.ts';
import { Currency } from '../../../shared/money/money.ts';
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

const Settings = z.strictObject({
  name: Name,
  reportingCurrency: Currency.default(defaultOrganization.reportingCurrency),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Rome')
    .default(defaultOrganization.timeZone),
  fiscalYearStartMonth: z.int().min(1).max(12).default(defaultOrganization.fiscalYearStartMonth),
  businessDays: businessDays.default(defaultOrganization.businessDays).describe('ISO weekdays: 1 is Monday.'),
  paceThresholds: thresholds.default(defaultOrganization.paceThresholds),
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
    'All of them: what is left out gets its default. What has been counted keeps its days and currency.',
  body: Settings,
  response: Organization,
  handle: async ({ body, ifMatch }, { organization }: TeamDeps) => organization.put(body, ifMatch),
});
