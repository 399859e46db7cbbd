import * as z from 'zod';
import { Conflict, PreconditionFailed } from '../../../shared/errors/errors.ts';
import { OrganizationState } from '../../../shared/events/team.ts';
import { idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { RequestId } from '../../../shared/ids/id.ts';
import { Currency } from '../../../shared/money/money.ts';
import { isTimeZone } from '../../../shared/time/zone.ts';
import type { Stored } from '../../../shared/dynamodb/entity.ts';
import { newSettingsChange, SettingsChange } from '../domain/settings-change.ts';
import { SettingsChanges } from '../store/settings-changes.ts';
import type { TeamDeps } from './deps.ts';

const SettingsChangeView = SettingsChange.omit({ settings: true })
  .extend({
    version: z.int(),
    note: z.string().optional().describe('What to mind while it is under way.'),
  })
  .meta({ id: 'SettingsChange' });

const MIXED =
  'Until it is through, sums are of old and new settings together. What goals pass meanwhile is recorded, and mailed to nobody.';

const shown = (change: Stored<SettingsChange>) => ({
  ...change,
  ...(change.phase !== 'preview' && change.status !== 'succeeded' && { note: MIXED }),
});

const Requested = z
  .strictObject({
    reportingCurrency: Currency.optional(),
    timeZone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Rome').optional(),
    fiscalYearStartMonth: OrganizationState.shape.fiscalYearStartMonth.min(1).max(12).optional(),
    dryRun: z
      .boolean()
      .default(true)
      .describe(
        'Says what would be done, and changes nothing. false does it, if everything needed is there.',
      ),
  })
  .refine(({ dryRun: _, ...settings }) => Object.keys(settings).length > 0, 'must name a setting to change');

export const changeSettings = route({
  method: 'POST',
  path: '/v1/organization/changes',
  scope: 'sales/team.write',
  adminsOnly: true,
  summary: 'Change the settings that numbers are counted by',
  description:
    'A job: reporting currency, time zone and start of the fiscal year, with everything that was counted by them counted again. One at a time.',
  status: 202,
  idempotent: true,
  body: Requested,
  example: { reportingCurrency: 'EUR', dryRun: true },
  response: SettingsChangeView,
  async handle(request, { organization, table, cause, clock }: TeamDeps) {
    const { dryRun, ...requested } = request.body;
    const changes = new SettingsChanges(table, cause);
    const id = idOfNew(RequestId, request, clock);
    const { version, id: _id, ...before } = await organization.get();
    const known = request.idempotencyKey === undefined ? undefined : await changes.find(id);
    if (known !== undefined) return shown(await changes.begin(known, { version, request }));
    if (request.ifMatch !== undefined && request.ifMatch !== version)
      throw new PreconditionFailed(
        `The organization is at version ${String(version)}, not ${String(request.ifMatch)}.`,
      );
    if (version === 0)
      throw new Conflict('The organization is not set up yet: do so with PUT /v1/organization.');
    const change = newSettingsChange({ id, dryRun, requested }, before, clock.now());
    return shown(await changes.begin(change, { version, request }));
  },
});

export const listSettingsChanges = route({
  method: 'GET',
  path: '/v1/organization/changes',
  scope: 'sales/team.read',
  adminsOnly: true,
  summary: 'List changes of the settings, newest first',
  query: pageQuery,
  response: page(SettingsChangeView),
  async handle({ query }, { table, cause }: TeamDeps) {
    const binding = 'GET /v1/organization/changes';
    const { items, lastKey } = await new SettingsChanges(table, cause).list({
      limit: query.limit,
      cursor: positionOf(query, binding),
    });
    return pageOf(items.map(shown), lastKey, binding);
  },
});

export const getSettingsChange = route({
  method: 'GET',
  path: '/v1/organization/changes/{id}',
  scope: 'sales/team.read',
  adminsOnly: true,
  summary: 'Get a change of the settings: what it will do, and how far it is',
  params: z.object({ id: RequestId }),
  response: SettingsChangeView,
  async handle({ params: { id } }, { table, cause }: TeamDeps) {
    return shown(await new SettingsChanges(table, cause).get(id));
  },
});
