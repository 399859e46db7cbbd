import { followUpsSubscription } from '../../shared/events/follow-ups.ts';
import { TeamImportAdvanced, TeamJobAdvanced } from '../../shared/events/team.ts';
import { importsSubscription } from '../../shared/imports/subscription.ts';

/** Members' imports, a page at a time. */
export const imports = importsSubscription('team', TeamImportAdvanced);

/** What follows from events: answers of other services, jobs. */
export const followUps = followUpsSubscription('team', [TeamJobAdvanced]);
