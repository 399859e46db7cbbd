import * as z from 'zod';
import type { EventContract } from '../events/contract.ts';
import { keyById, type RestatedKind, staying } from '../events/restated.ts';
import { JobId } from '../ids/id.ts';
import { Job, jobEntity } from './job.ts';

const Unfinished = z.object({ data: Job.pick({ status: true }) });

/** Jobs stay as they ran; telling of an unfinished one again is what carries it on. */
export const restatedJobs = (advanced: EventContract): RestatedKind => ({
  ...staying(jobEntity.type),
  keyOf: keyById(JobId, jobEntity),
  tells: (item) => (Unfinished.parse(item).data.status === 'succeeded' ? undefined : advanced),
});
