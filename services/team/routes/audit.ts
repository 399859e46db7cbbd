import * as z from 'zod';
import { Actor } from '../../../shared/events/contract.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { Instant } from '../../../shared/time/instant.ts';
import { AuditTrail } from '../audit/trail.ts';
import type { TeamDeps } from './deps.ts';

const Difference = z.object({
  path: z.string().describe('A JSON pointer into the subject’s state.'),
  before: z.unknown().optional().describe('Absent where there was nothing.'),
  after: z.unknown().optional().describe('Absent where nothing is left.'),
});

const Entry = z
  .object({
    at: Instant,
    actor: Actor,
    correlationId: z.string().describe('The same for all that one request led to.'),
    event: z.string(),
    subject: z.string(),
    version: z.int(),
    previousVersion: z
      .int()
      .optional()
      .describe('The version that the changes start from; absent where nothing older is kept.'),
    changes: z.array(Difference),
    details: z.record(z.string(), z.unknown()).describe('What was said of the change beside the state.'),
  })
  .meta({ id: 'AuditEntry' });

export const listAudit = route({
  method: 'GET',
  path: '/v1/audit',
  scope: 'sales/admin',
  adminsOnly: true,
  summary: 'List what happened to something, newest first',
  description: 'For a year. Personal values of someone who was erased show as “(erased)”.',
  query: pageQuery.extend({
    subject: z
      .string()
      .min(1)
      .max(200)
      .describe('An id such as deal_01JD0000000000000000000000, `organization`, or a day of exchange rates.'),
    actor: Actor.optional().describe('Only what this one did: mem_…, client:…, store:… or system.'),
  }),
  response: page(Entry),
  async handle({ query }, { table }: Pick<TeamDeps, 'table'>) {
    const { subject, actor, limit } = query;
    const binding = { list: 'audit', subject, actor };
    const cursor = positionOf(query, binding);
    const { items, lastKey } = await new AuditTrail(table).of(subject, { actor, limit, cursor });
    return pageOf(
      items.map((change) => ({ ...change, changes: [...change.changes] })),
      lastKey,
      binding,
    );
  },
});
