import type { ImportRow } from '../imports/kind.ts';
import type { Cells } from './kind.ts';

/**
 * Whether a row says no more than an export of the record does, so that there is nothing to take in. Cells that are empty
 * say nothing.
 */
export const saysNoMoreThan = ({ cells }: ImportRow, exported: Cells): boolean =>
  Object.entries(cells).every(([field, cell]) => cell === exported[field]?.trim());
