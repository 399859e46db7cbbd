import type { DirectorySnapshot } from '../../shared/directory/snapshot.ts';
import { territoryBook } from '../../shared/territories/resolve.ts';
import type { Instant } from '../../shared/time/instant.ts';
import { dayOf } from '../../shared/time/zone.ts';
import type { AssignmentRules } from './domain/account-assignment.ts';

/** The territory rules that the directory knows, with whoever may own accounts. */
export const assignmentRulesOf = (
  directory: DirectorySnapshot,
  now: Instant,
  territories = directory.territories(),
): AssignmentRules => ({
  book: territoryBook(territories, directory.members()),
  today: dayOf(now, directory.organization.timeZone),
});
