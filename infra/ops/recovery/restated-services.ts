import { restated as deals } from '../../../services/deals/restated.ts';
import { restated as goals } from '../../../services/goals/restated.ts';
import { restated as metrics } from '../../../services/metrics/restated.ts';
import { restated as team } from '../../../services/team/restated.ts';
import type { ServiceName } from '../../../shared/events/contract.ts';
import type { RestatedKind, RestatedService } from '../../../shared/events/restated.ts';
import { services } from '../../services.ts';
import { Failed } from '../refusals.ts';

const byName = { team, deals, metrics, goals } as const satisfies Record<ServiceName, RestatedService>;
export const restatedServices: readonly RestatedService[] = Object.values(byName);

/** Throws Failed for a service of the stack that this repository doesn't know. */
export const restatedService = (name: string): RestatedService => {
  const found = restatedServices.find(({ service }) => service === name);
  if (found === undefined)
    throw new Failed(`Nothing here says how ${name} is told again: services/${name}/restated.ts.`);
  return found;
};

/** Throws Failed for a type that nobody has decided about. */
export const kindOfType = ({ service, kinds }: RestatedService, type: unknown): RestatedKind => {
  const kind = kinds.find((each) => each.type === type);
  if (kind !== undefined) return kind;
  throw new Failed(
    `The table of ${service} holds items of type “${String(type)}”; services/${service}/restated.ts doesn’t say what becomes of them. Nothing was written for them.`,
  );
};

/** Who hears an event of this type, by `<service>-<subscription>`. */
export const listenersTo = (detailType: string): readonly string[] =>
  services.flatMap(({ subscriptions }) =>
    subscriptions
      .filter(({ contracts }) => contracts.some((contract) => contract.detailType === detailType))
      .map(({ service, name }) => `${service}-${name}`),
  );

/** The consumers that keep what other services tell: a restore of their service leaves them behind. */
export const consumersOfOthers = (service: string): readonly string[] =>
  services.flatMap(({ subscriptions }) =>
    subscriptions
      .filter(
        (each) =>
          each.service === service &&
          // A partner's events are not in the archive.
          each.partnerSources === undefined &&
          each.contracts.every((contract) => contract.service !== service),
      )
      .map(({ name }) => `${service}-${name}`),
  );
