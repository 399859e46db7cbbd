import type { Stored } from '../dynamodb/entity.ts';
import type { OutboxEvent } from '../dynamodb/outbox.ts';
import type { Cause } from '../events/cause.ts';
import type { Clock } from '../time/instant.ts';
import type { Job } from './job.ts';

/** What one page came to. */
export interface JobPage {
  /** Where the next page begins; absent when there is none. */
  readonly position?: Readonly<Record<string, unknown>> | undefined;
  /** Added to the job's. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  /** Takes the place of what the pages before found; absent where that stays. */
  readonly found?: Readonly<Record<string, unknown>> | undefined;
}

export interface JobRun {
  /** For what is written because of the job. */
  readonly cause: Cause;
  readonly clock: Clock;
}

/** Carries out one kind of job, a page at a time. A page that was carried out before must change nothing more. */
export interface JobHandler {
  readonly kind: string;
  readonly page: (job: Job, run: JobRun) => Promise<JobPage>;
  /** What others hear of it: told with each write of the job after its first page, its end included. */
  readonly tells?: ((job: Stored<Job>) => readonly OutboxEvent[]) | undefined;
}
