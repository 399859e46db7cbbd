import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importCsv, type ImportReport } from '../support/import-csv.ts';
import type { LocalRun } from '../support/local-run.ts';

export const pipelineFile = (name: string) =>
  fileURLToPath(new URL(`../../../shared/data/pipeline/${name}`, import.meta.url));

const csv = (name: string) => readFileSync(pipelineFile(name), 'utf8');

type Part = 'members' | 'products' | 'accounts' | 'deals';

const requests: Readonly<Record<Part, object>> = {
  members: {
    csv: csv('sales_teams.csv'),
    columns: { name: 'sales_agent', team: 'manager', manager: 'manager', territory: 'regional_office' },
    createMissing: ['teams', 'territories', 'members'],
  },
  products: {
    csv: csv('products.csv'),
    currency: 'USD',
    columns: { name: 'product', category: 'series', listPrice: 'sales_price' },
  },
  accounts: {
    csv: csv('accounts.csv'),
    columns: { name: 'account', industry: 'sector' },
    values: { industry: { technolgy: 'technology' } },
  },
  deals: {
    csv: csv('sales_pipeline.csv'),
    currency: 'USD',
    columns: {
      externalId: 'opportunity_id',
      owner: 'sales_agent',
      product: 'product',
      account: 'account',
      stage: 'deal_stage',
      startedOn: 'engage_date',
      closedOn: 'close_date',
      amount: 'close_value',
    },
    values: {
      stage: { Won: 'won', Lost: 'lost', Engaging: 'qualification', Prospecting: 'prospecting' },
      product: { GTXPro: 'GTX Pro' },
    },
  },
};

/** Imports the files in the order in which they refer to one another, each to the last metric. */
export const importPipeline = async (
  run: LocalRun,
  parts: readonly Part[] = ['members', 'products', 'accounts', 'deals'],
): Promise<Record<Part, ImportReport>> => {
  const reports: Partial<Record<Part, ImportReport>> = {};
  for (const part of parts) {
    reports[part] = await importCsv(run, part, requests[part]);
    await run.idle(240);
  }
  return reports as Record<Part, ImportReport>;
};
