import * as z from 'zod';
import { Instant } from '../time/instant.ts';
import { ImportJob } from './job.ts';
import { RowPreview } from './preview.ts';

const RowErrorSchema = z.object({
  line: z.int().describe('Of the file; the header is line 1.'),
  column: z.string().optional().describe('As the file’s header spells it.'),
  message: z.string(),
});

/** How an import stands, as callers see it. */
export const ImportReport = ImportJob.pick({
  id: true,
  kind: true,
  status: true,
  dryRun: true,
  rows: true,
  done: true,
  created: true,
  updated: true,
  unchanged: true,
  rejected: true,
  createdAt: true,
  finishedAt: true,
})
  .extend({
    rows: z
      .int()
      .describe(
        'Of the file, without header and blank lines. `done` of them have an outcome. 0 until an upload has been looked through.',
      ),
    bytes: z.int().optional().describe('Length of the file.'),
    uploadUrl: z
      .string()
      .optional()
      .describe('Where to PUT the file, once, and without a token; the import starts when it is there.'),
    expiresAt: Instant.optional().describe('When uploadUrl ends.'),
    problem: z
      .string()
      .optional()
      .describe('Why the import failed as a whole. What was taken in before stays, and is counted.'),
    errors: z.array(RowErrorSchema).describe('The rows that were rejected; the others are in.'),
    preview: z
      .array(RowPreview)
      .optional()
      .describe('Of a dry run: the first 100 rows that would make or change something.'),
    nextCursor: z.string().optional(),
    version: z.int(),
  })
  .meta({ id: 'ImportReport' });
