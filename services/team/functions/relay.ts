import { relay } from '../../../shared/events/relay-function.ts';
import { teamEvents } from '../events.ts';

export const handler = relay(teamEvents);
