import type { EventContract, ServiceName } from '../events/contract.ts';
import { subscription } from '../events/subscription.ts';

/** The service's own queue of imports that are to go on, with `functions/imports.ts`. */
export const importsSubscription = <const Contract extends EventContract>(
  service: ServiceName,
  advanced: Contract,
) => subscription({ service, name: 'imports', function: 'imports', contracts: [advanced], batchSize: 1 });
