import { relay } from '../../../shared/events/relay-function.ts';
import { dealsEvents } from '../events.ts';

export const handler = relay(dealsEvents);
