import { consumer, type Message } from './consumer.ts';
import type { EventContract, ServiceName } from './contract.ts';
import { isEvent } from './envelope.ts';
import type { Outcome } from './outcome.ts';
import { subscription, type Subscription } from './subscription.ts';

/** What a service does because of an event. */
export interface FollowUp {
  readonly contract: EventContract;
  /** Must stand repetition. A method, so that one who takes this contract's messages alone fits in. */
  handle(message: Message): Promise<Outcome>;
}

/** Binds an event to what follows from it; the message that comes is one of this event. */
export const followUp = <Contract extends EventContract>(
  contract: Contract,
  handle: (message: Message<Contract>) => Promise<Outcome>,
): FollowUp => ({ contract, handle });

/** A service's queue of events from which work follows, one at a time, with `functions/follow-ups.ts`. */
export const followUpsSubscription = <const Contract extends EventContract>(
  service: ServiceName,
  contracts: readonly Contract[],
) =>
  subscription({
    service,
    name: 'follow-ups',
    function: 'follow-ups',
    contracts,
    batchSize: 1,
    maxConcurrency: 2,
  });

/** Runs all that follows from an event, in the order given. Throws a TypeError for a subscribed event without any. */
export const followUpsConsumer = (declared: Subscription, followUps: readonly FollowUp[]) => {
  for (const contract of declared.contracts)
    if (!followUps.some((each) => each.contract === contract))
      throw new TypeError(
        `Nothing follows from ${contract.detailType}, and ${declared.service} listens to it.`,
      );
  return consumer({
    subscription: declared,
    handle: async (messages) => {
      const outcomes: Outcome[] = [];
      for (const message of messages) {
        let outcome: Outcome = 'irrelevant';
        for (const each of followUps) {
          if (!isEvent(message.event, each.contract)) continue;
          const next = await each.handle(message);
          if (outcome === 'irrelevant' || next === 'done') outcome = next;
        }
        outcomes.push(outcome);
      }
      return { outcomes };
    },
  });
};
