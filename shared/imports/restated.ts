import * as z from 'zod';
import type { EventContract } from '../events/contract.ts';
import { keyById, type RestatedKind, staying } from '../events/restated.ts';
import { ImportId } from '../ids/id.ts';
import { ImportJob } from './job.ts';
import { importEntity } from './storage.ts';

const Unfinished = z.object({ data: ImportJob.pick({ status: true }) });

/**
 * Imports stay as they ran: one that went back to half way would never be carried on. Telling of an unfinished one again
 * is what carries it on.
 */
export const restatedImports = (advanced: EventContract): readonly RestatedKind[] => [
  {
    ...staying(importEntity.type),
    keyOf: keyById(ImportId, importEntity),
    tells: (item) => (Unfinished.parse(item).data.status === 'succeeded' ? undefined : advanced),
  },
  staying('import-errors'),
  staying('import-preview'),
];
