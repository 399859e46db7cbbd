import * as z from 'zod';
import { LeadId } from '../../../shared/ids/id.ts';
import { Conversion, Lead } from '../domain/leads/lead.ts';

/** A lead as the interface shows it. */
export const LeadResource = Lead.omit({ deleted: true, importHash: true, conversion: true })
  .extend({
    conversion: Conversion.omit({ requestHash: true }).optional().describe('What was made of it.'),
    version: z.int(),
  })
  .meta({ id: 'Lead' });

export const leadParams = z.object({ id: LeadId });
