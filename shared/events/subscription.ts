import type { EventContract, ServiceName } from './contract.ts';

/** A content filter of EventBridge on `detail`, as in `{ data: { status: ['won'] } }`. */
export type DetailPattern = Readonly<Record<string, unknown>>;

/**
 * Contract → consumer, declared once: infra makes the rule, queue, dead-letter queue, mapping, permission and alarm from
 * it, and the consumer its parser.
 */
export interface Subscription<Contract extends EventContract = EventContract> {
  /** Who listens. */
  readonly service: ServiceName;
  /** The queue's name within the service. */
  readonly name: string;
  /** The consuming function: services/<service>/functions/<function>.ts. */
  readonly function: string;
  readonly contracts: readonly Contract[];
  readonly filter?: DetailPattern | undefined;
  /**
   * In the place of contracts: how the sources of a partner's events begin, as in `aws.partner/shopify.com/`. They are no
   * contracts of ours, so the function reads them by itself.
   */
  readonly partnerSources?: string | undefined;
  readonly batchSize: number;
  readonly batchWindowSeconds: number;
  readonly maxConcurrency: number;
  readonly maxReceiveCount: number;
  readonly visibilityTimeoutSeconds: number;
}

const defaults = {
  batchSize: 10,
  batchWindowSeconds: 0,
  maxConcurrency: 2,
  maxReceiveCount: 5,
  /** AWS advises six times the function's timeout, so that a throttled batch is not handed out twice. */
  visibilityTimeoutSeconds: 180,
};

/** @throws RangeError for what Lambda's queue mapping would refuse */
export const subscription = <const Contract extends EventContract>(
  declaration: Pick<Subscription<Contract>, 'service' | 'name' | 'function' | 'contracts'> &
    Partial<Subscription<Contract>>,
): Subscription<Contract> => {
  const complete = { ...defaults, ...declaration };
  const { name, contracts, partnerSources, batchSize, batchWindowSeconds, maxConcurrency } = complete;
  if (contracts.length === 0 && partnerSources === undefined)
    throw new RangeError(`The subscription ${name} listens to nothing.`);
  if (batchSize > 10 && batchWindowSeconds < 1)
    throw new RangeError(`The subscription ${name}: batches over 10 need a window of a second or more.`);
  if (maxConcurrency < 2) throw new RangeError(`The subscription ${name}: Lambda's least concurrency is 2.`);
  return complete;
};

/** The rule's pattern. Detail-types are unique over the services, so one pattern serves several sources. */
export const eventPattern = ({
  contracts,
  filter,
}: Pick<Subscription, 'contracts' | 'filter'>): {
  readonly source: string[];
  readonly 'detail-type': string[];
  readonly detail?: DetailPattern;
} => ({
  source: [...new Set(contracts.map(({ source }) => source))],
  'detail-type': contracts.map(({ detailType }) => detailType),
  ...(filter && { detail: filter }),
});
