import type { ServiceName } from '../events/contract.ts';
import { subscription } from '../events/subscription.ts';
import { directoryEvents } from './items.ts';

/** What a service listens to in order to keep its copy of the directory, with `functions/directory.ts`. */
export const directorySubscription = (service: ServiceName) =>
  subscription({ service, name: 'directory', function: 'directory', contracts: directoryEvents });
