import * as z from 'zod';
import { route } from '../../../shared/http/route.ts';
import { kpis } from '../../../shared/kpis/catalogue.ts';
import { KpiId, scopeKinds } from '../../../shared/kpis/kpi.ts';
import { Unit } from './kpi-answers.ts';

const KpiDescription = z.object({
  id: KpiId,
  name: z.string(),
  formula: z.string(),
  unit: Unit,
  date: z.string().describe('The date by which things fall into a period; `now` for numbers as of now.'),
  scopes: z.array(z.enum(scopeKinds)),
  additive: z.boolean().describe('Whether values of separate days may be added.'),
  definitionVersion: z.int(),
});

export const listKpis = route({
  method: 'GET',
  path: '/v1/kpis',
  scope: 'sales/metrics.read',
  summary: 'List every KPI that can be asked for, with its definition',
  response: z.object({ items: z.array(KpiDescription) }),
  handle: () => Promise.resolve({ items: kpis.map((kpi) => ({ ...kpi, scopes: [...kpi.scopes] })) }),
});
