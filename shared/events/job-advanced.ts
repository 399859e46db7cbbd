import * as z from 'zod';
import { JobId } from '../ids/id.ts';
import { event, type ServiceName } from './contract.ts';

/** The event by which a service hands itself the next slice of a job (shared/jobs). */
export const jobAdvanced = (service: ServiceName, name: string) =>
  event({
    service,
    name,
    major: 1,
    description: 'A slice of a job is due.',
    data: z.object({ id: JobId, kind: z.string(), status: z.string(), pages: z.int() }),
  });
