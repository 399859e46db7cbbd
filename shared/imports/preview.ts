import * as z from 'zod';
import type { RowOutcome } from './kind.ts';

/** What a dry run says of a row that would make or change something. It holds nothing of what the row says. */
export const RowPreview = z.object({
  line: z.int().describe('Of the file; the header is line 1.'),
  outcome: z.enum(['created', 'updated']),
  id: z.string().optional().describe('Of the record that would be made or changed.'),
  changes: z.array(z.string()).optional().describe('Fields of it that would differ.'),
});
export type RowPreview = z.infer<typeof RowPreview>;

/** A report shows so many. */
const MOST_PREVIEWED = 100;

export const rowPreview = (line: number, row: RowOutcome): readonly RowPreview[] => {
  if (row.outcome !== 'created' && row.outcome !== 'updated') return [];
  const { outcome, id, changes } = row;
  return [{ line, outcome, ...(id !== undefined && { id }), ...(changes && { changes: [...changes] }) }];
};

/** Those of the page that the report still has room for. */
export const previewOf = (
  { previewed = 0 }: { readonly previewed?: number | undefined },
  { preview = [] }: { readonly preview?: readonly RowPreview[] | undefined },
): readonly RowPreview[] => preview.slice(0, MOST_PREVIEWED - previewed);

/**
 * The outcomes of a page of a dry run, which judges by what is stored: what an earlier page would have made is there by now, and
 * so would be changed. `foreseen` are the ids of what is made so far.
 */
export const asForeseen = (outcomes: readonly RowOutcome[], foreseen: Set<string>): readonly RowOutcome[] =>
  outcomes.map((row) => {
    if (row.outcome !== 'created' || row.id === undefined) return row;
    if (foreseen.has(row.id)) return { outcome: 'updated', id: row.id };
    foreseen.add(row.id);
    return row;
  });
