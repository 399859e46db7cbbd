import type { AnyRoute } from '../../shared/http/route.ts';
import { listAlerts, listGoalAlerts } from './routes/alerts.ts';
import { cancel, changeGoal, getGoal, listGoals, setGoal } from './routes/goals.ts';
import { getProgress } from './routes/progress.ts';

/** Everything that this service answers. */
export const routes = [
  setGoal,
  listGoals,
  getGoal,
  changeGoal,
  cancel,
  getProgress,
  listGoalAlerts,
  listAlerts,
] as const satisfies readonly AnyRoute[];
