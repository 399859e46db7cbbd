import type { AnyRoute } from '../../shared/http/route.ts';
import { getBreakdown } from './routes/breakdown.ts';
import { listKpis } from './routes/kpis.ts';
import { getMetrics } from './routes/metrics.ts';

export const routes = [listKpis, getMetrics, getBreakdown] as const satisfies readonly AnyRoute[];
