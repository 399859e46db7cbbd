import { TeamImportAdvanced } from '../../../shared/events/team.ts';
import { relay } from '../../../shared/events/relay-function.ts';
import { directoryEvents } from '../../../shared/directory/items.ts';

export const handler = relay({ contracts: [...directoryEvents, TeamImportAdvanced] });
