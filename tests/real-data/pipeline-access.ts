import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { callWith } from '../support/http-calls.ts';
import type { LocalRun } from '../support/local-run.ts';
import { importCsv } from '../support/import-csv.ts';
import { pipelineFile } from './pipeline-import.ts';

const Seller = z.object({ sales_agent: z.string(), manager: z.string(), regional_office: z.string() });

/** Who sells for whom, as the file says it. */
export const sellers = z
  .array(Seller)
  .parse(parse(readFileSync(pipelineFile('sales_teams.csv'), 'utf8'), { columns: true }));

export const managers = [...new Set(sellers.map(({ manager }) => manager))];

export const emailOf = (name: string): string =>
  `${name.toLowerCase().replaceAll(/\W+/g, '.')}@sales.example`;

/** The file has no e-mail addresses, and nobody signs in without one: the same people, with addresses. */
export const giveAddresses = async (run: LocalRun): Promise<void> => {
  const names = [...managers, ...sellers.map(({ sales_agent }) => sales_agent)];
  const csv = ['name,email', ...names.map((name) => `${name},${emailOf(name)}`)].join('\n');
  const report = await importCsv(run, 'members', { csv });
  if (report.updated !== names.length) throw new Error(JSON.stringify(report));
  await run.idle(120);
};

const SeenDeal = z.object({
  id: z.string(),
  ownerId: z.string(),
  status: z.string(),
  reportingAmount: z.object({ amount: z.number() }).optional(),
});
export type SeenDeal = z.infer<typeof SeenDeal>;

const Page = z.object({ items: z.array(SeenDeal), nextCursor: z.string().optional() });

/** Every deal that whoever has this token is shown, page by page. */
export const dealsSeenWith = async (run: LocalRun, token: string): Promise<readonly SeenDeal[]> => {
  const seen: SeenDeal[] = [];
  let cursor = '';
  do {
    const path = `/v1/deals?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = Page.parse((await callWith(token, 'GET', run.url + path)).body);
    seen.push(...page.items);
    cursor = page.nextCursor ?? '';
  } while (cursor !== '');
  return seen;
};

export const wonRevenue = (deals: readonly SeenDeal[]): number =>
  deals
    .filter(({ status }) => status === 'won')
    .reduce((sum, { reportingAmount }) => sum + (reportingAmount?.amount ?? 0), 0);
