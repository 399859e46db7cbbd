import type { Instant } from '../../../shared/time/instant.ts';
import { isSame } from './patch.ts';

interface Dated {
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** Whether what was told says the same as what is kept, whenever either was written. */
export const isToldAgain = <T extends Dated>(told: T, kept: T & { readonly version?: number }): boolean => {
  const { version: _, ...before } = kept;
  return isSame({ ...told, createdAt: kept.createdAt, updatedAt: kept.updatedAt }, before);
};
