import { relay } from '../../../shared/events/relay-function.ts';
import { goalsEvents } from '../events.ts';

export const handler = relay(goalsEvents);
