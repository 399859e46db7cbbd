import type { OrganizationState } from '../../../shared/events/team.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Buckets } from '../store/buckets.ts';
import type { GoalStore } from '../store/goals.ts';
import type { Access } from './access.ts';

/** What the routes of goals and their ledger need. */
export interface GoalsDeps {
  readonly store: GoalStore;
  readonly buckets: Buckets;
  readonly clock: Clock;
  readonly correlationId: string;
  /** What the caller may do; read from the directory when asked for. */
  readonly access: () => Promise<Access>;
}

export const settingsOf = ({ directory }: Access): OrganizationState => directory.organization;
