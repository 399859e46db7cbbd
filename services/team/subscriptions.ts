import { TeamImportAdvanced } from '../../shared/events/team.ts';
import { importsSubscription } from '../../shared/imports/subscription.ts';

/** Members' imports, a page at a time. */
export const imports = importsSubscription('team', TeamImportAdvanced);
