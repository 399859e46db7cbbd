import type { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { Unprocessable } from '../errors/errors.ts';
import type { ServiceName } from '../events/contract.ts';
import { ExportId, JobId } from '../ids/id.ts';
import type { JobHandler } from '../jobs/handler.ts';
import { headerText, rowsText } from './csv-text.ts';
import { EMPTY_FILE, ExportFile, FileState } from './export-file.ts';
import type { ExportHandler } from './kind.ts';

/** Where exports of a service are written. */
export interface ExportStorage {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly service: ServiceName;
}

/** The job of an export has the export's own ULID. */
export const jobOfExport = (id: ExportId): JobId => JobId.parse(id.replace(/^exp_/, 'job_'));
export const exportOfJob = (id: JobId): ExportId => ExportId.parse(id.replace(/^job_/, 'exp_'));

/** What `shared/jobs` calls an export of this kind. */
export const jobKindOf = (kind: string): string => `export-${kind}`;

export const exportFile = ({ s3, bucket, service }: ExportStorage, id: JobId, kind: string): ExportFile =>
  new ExportFile({ s3, bucket, key: `downloads/${service}/${exportOfJob(id)}/${kind}.csv` });

/** A page of the job ends with so many rows, or with a part of the file. */
const ROWS = 2000;
/** S3 puts no more parts together. */
const MOST_PARTS = 10_000;

const Position = z.object({
  at: z.record(z.string(), z.unknown()),
  file: FileState,
});

/** Carries out exports of one kind: page by page into a file of S3, never holding more than a part of it. */
export const exportJob = (storage: ExportStorage, { kind, open }: ExportHandler): JobHandler => ({
  kind: jobKindOf(kind.kind),
  async page(job, run) {
    const start = job.position === undefined ? undefined : Position.parse(job.position);
    const state = start?.file ?? EMPTY_FILE;
    const file = exportFile(storage, job.id, kind.kind);
    const read = await open(job.input, run);
    let text = start === undefined ? headerText(kind.columns) : await file.rest(state);
    let at = start?.at;
    let rows = 0;
    do {
      const page = await read(at);
      text += rowsText(kind.columns, page.rows);
      rows += page.rows.length;
      at = page.next === undefined ? undefined : { ...page.next };
    } while (at !== undefined && rows < ROWS && !ExportFile.isPart(text));
    const counts = { rows };
    if (at === undefined) {
      await file.finish(state, text);
      return { counts };
    }
    if (state.parts.length >= MOST_PARTS)
      throw new Unprocessable('The export is larger than 50 GB: export parts of it, by its filters.');
    return { counts, position: { at, file: await file.append(state, text, job.pages) } };
  },
});
