import * as z from 'zod';
import type { Table } from '../dynamodb/table.ts';
import type { Message } from '../events/consumer.ts';
import type { EventContract, ServiceName } from '../events/contract.ts';
import type { Outcome } from '../events/outcome.ts';
import { PersonalDataRequest, type PersonalDataRequested } from '../events/privacy.ts';
import { derivedId, JobId } from '../ids/id.ts';
import type { JobHandler, JobPage, JobRun } from '../jobs/handler.ts';
import { newJob } from '../jobs/job.ts';
import { Jobs } from '../jobs/jobs.ts';
import { type Clock, systemClock } from '../time/instant.ts';
import { eraseFromReport, hasEnded, importOfFile } from './import-reports.ts';
import type { PersonFiles } from './person-files.ts';

export const PERSONAL_DATA = 'personal-data';

export type Counts = Readonly<Record<string, number>>;

/** What a service holds of people in its own table. */
export interface PersonalHoldings {
  /** What says who this is, to be looked for in files: id, e-mail address, name. */
  readonly termsOf: (request: PersonalDataRequest) => Promise<readonly string[]>;
  /** Erases it; doing so again changes nothing. */
  readonly erase: (request: PersonalDataRequest, run: JobRun) => Promise<Counts>;
  readonly collect: (request: PersonalDataRequest) => Promise<Readonly<Record<string, unknown>>>;
}

export const exportKey = (requestId: string, service: ServiceName): string =>
  `privacy/${requestId}/${service}.json`;

/** Starts the job for a request, once however often it is told. */
export const startPersonalData = async (
  { table, advanced, clock = systemClock }: { table: Table; advanced: EventContract; clock?: Clock },
  { event: { data }, cause }: Pick<Message<typeof PersonalDataRequested>, 'event' | 'cause'>,
): Promise<Outcome> => {
  const id = derivedId(JobId, PERSONAL_DATA, data.id);
  await new Jobs(table, advanced, cause).start(newJob({ id, kind: PERSONAL_DATA, input: data }, clock));
  return 'done';
};

/** Files first: once the table has forgotten who this was, nobody knows any more what to look for. */
const folders = ['imports', 'parked', 'deliveries', 'downloads'] as const;
type Folder = (typeof folders)[number];
/** What the files of a folder are counted as. */
const countOf = {
  parked: 'parkedRecords',
  deliveries: 'deliveryFiles',
  downloads: 'exportFiles',
} as const satisfies Record<Exclude<Folder, 'imports'>, string>;
const Position = z.object({ step: z.enum([...folders, 'table']), after: z.string().optional() });
type Position = z.infer<typeof Position>;

interface PersonalDataOptions {
  readonly service: ServiceName;
  readonly table: Table;
  readonly files: PersonFiles;
  /** Where the service keeps files that people may stand in, in the order in which they are gone through. */
  readonly folders?: readonly Folder[];
  readonly holdings: PersonalHoldings;
  /** The service’s own event of what it did. */
  readonly handled: EventContract;
}

/** Carries out requests for a person’s data in one service. */
export const personalDataHandler = (options: PersonalDataOptions): JobHandler => {
  const { service, table, files, holdings, handled, folders: held = ['imports', 'parked'] } = options;

  const stepAfter = (step: Folder): Position['step'] => held[held.indexOf(step) + 1] ?? 'table';

  const eraseImport = async (key: string, terms: readonly string[]): Promise<Counts> => {
    const id = importOfFile(key);
    if (id !== undefined && !(await hasEnded(table, id))) return { importFilesInUse: 1 };
    const importReports = id === undefined ? 0 : await eraseFromReport(table, id, terms);
    await files.delete(key);
    return { importFiles: 1, importReports };
  };

  const eraseFile = async (step: Folder, key: string, terms: readonly string[]): Promise<Counts> => {
    if (step === 'imports') return eraseImport(key, terms);
    await files.delete(key);
    return { [countOf[step]]: 1 };
  };

  const eraseFiles = async (
    step: Folder,
    after: string | undefined,
    request: PersonalDataRequest,
  ): Promise<JobPage> => {
    const terms = await holdings.termsOf(request);
    const { found, next } = await files.search(`${step}/${service}/`, terms, after);
    const counts: Record<string, number> = {};
    for (const key of found) {
      const erased = await eraseFile(step, key, terms);
      for (const [name, count] of Object.entries(erased)) counts[name] = (counts[name] ?? 0) + count;
    }
    if (next !== undefined) return { counts, position: { step, after: next } };
    return { counts, position: { step: stepAfter(step) } };
  };

  const exportAll = async (request: PersonalDataRequest): Promise<JobPage> => {
    await files.put(exportKey(request.id, service), await holdings.collect(request));
    return { counts: { files: 1 } };
  };

  return {
    kind: PERSONAL_DATA,
    page: async (job, run) => {
      const request = PersonalDataRequest.parse(job.input);
      if (request.action === 'export') return exportAll(request);
      const position = Position.parse(job.position ?? { step: held[0] ?? 'table' });
      if (position.step !== 'table') return eraseFiles(position.step, position.after, request);
      return { counts: await holdings.erase(request, run) };
    },
    tells: ({ status, counts, problem, input }) =>
      status === 'succeeded' || status === 'failed'
        ? [
            {
              contract: handled,
              change: { jobId: PersonalDataRequest.parse(input).id, status, counts, problem },
            },
          ]
        : [],
  };
};
