import * as z from 'zod';
import { eventually } from './eventually.ts';
import type { System } from './system.ts';

const ImportReport = z.object({
  status: z.enum(['queued', 'running', 'succeeded', 'failed']),
  rows: z.number(),
  done: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  errors: z.array(z.object({ line: z.number(), column: z.string().optional(), message: z.string() })),
});
export type ImportReport = z.infer<typeof ImportReport>;

/** Starts an import and waits for its end; answers the job's last report with the first page of its errors. */
export const importCsv = async (
  run: Pick<System, 'request'>,
  kind: string,
  body: object,
): Promise<ImportReport> => {
  const started = await run.request('POST', `/v1/imports/${kind}`, body);
  if (started.status !== 202) throw new Error(`import of ${kind}: ${JSON.stringify(started.body)}`);
  const { id } = z.object({ id: z.string() }).parse(started.body);
  return eventually(`import of ${kind}`, 300_000, async () => {
    const report = ImportReport.parse((await run.request('GET', `/v1/imports/${kind}/${id}`)).body);
    return report.status === 'succeeded' || report.status === 'failed' ? report : undefined;
  });
};
