import { metricTable } from '../../shared/observability/metric-table.ts';
import { services } from '../services.ts';

/** How many metrics of their own the functions publish, each by service: CloudWatch bills every one. */
export const CUSTOM_METRICS = Object.values(metricTable).reduce(
  (sum, metric) => sum + ('services' in metric ? metric.services : services).length,
  0,
);
