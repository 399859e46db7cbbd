import { nearest } from '../nearest.ts';
import { NotUnderstood } from './refusals.ts';

/** A resource of the deployed stack, as CloudFormation lists it. */
export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface QueueName {
  readonly name: string;
  readonly url: string;
}

/** A function by its names: `metrics-facts` of the service `metrics`; `platform` belongs to none. */
export interface FunctionName {
  readonly unit: string;
  readonly service: string | undefined;
  readonly name: string;
}

/** Events on their way to a consumer: `metrics-facts` is what `metrics` hears under the name `facts`. */
export interface SubscriptionName {
  readonly unit: string;
  readonly service: string;
  readonly rule: string;
  readonly queue: QueueName;
  readonly deadLetters: QueueName;
}

const DEAD_LETTERS = '-dead-letters';

const queueOf = ({ physicalId }: StackResource): QueueName => ({
  url: physicalId,
  name: physicalId.slice(physicalId.lastIndexOf('/') + 1),
});

const unknown = (what: string, given: string, known: readonly string[]): NotUnderstood => {
  const meant = nearest(given, known);
  return new NotUnderstood(
    `There is no ${what} “${given}”${meant === undefined ? '.' : `; did you mean ${meant}?`} Known here: ${known.join(', ')}.`,
  );
};

/** What the stack’s resources are called, by service. `prefix` begins every name: `quotaline-dev`. */
export class StackNames {
  readonly prefix: string;
  /** Table by service. */
  readonly tables: ReadonlyMap<string, string>;
  readonly functions: readonly FunctionName[];
  readonly subscriptions: readonly SubscriptionName[];
  /** The address or domain that SES verifies; undefined where the stack has none. */
  readonly mailIdentity: string | undefined;

  constructor(prefix: string, resources: readonly StackResource[]) {
    this.prefix = prefix;
    const ofType = (type: string) => resources.filter((resource) => resource.type === type);
    const unitOf = (name: string) => name.slice(prefix.length + 1);
    // Names that CloudFormation makes up hold capitals; ours don’t.
    const isOurs = (name: string) => name.startsWith(`${prefix}-`) && /^[a-z0-9-]+$/.test(unitOf(name));

    this.tables = new Map(
      ofType('AWS::DynamoDB::Table')
        .filter(({ physicalId }) => isOurs(physicalId))
        .map(({ physicalId }) => [unitOf(physicalId), physicalId]),
    );
    const serviceOf = (unit: string) =>
      [...this.tables.keys()].find((service) => unit.startsWith(`${service}-`));
    this.functions = ofType('AWS::Lambda::Function')
      .filter(({ physicalId }) => isOurs(physicalId))
      .map(({ physicalId }) => {
        const unit = unitOf(physicalId);
        return { unit, service: serviceOf(unit), name: physicalId };
      })
      .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
    this.mailIdentity = ofType('AWS::SES::EmailIdentity')[0]?.physicalId;
    const queues = ofType('AWS::SQS::Queue').map(queueOf);
    this.subscriptions = queues
      .flatMap((queue) => {
        const deadLetters = queues.find(({ name }) => name === queue.name + DEAD_LETTERS);
        const unit = unitOf(queue.name);
        const service = serviceOf(unit);
        if (deadLetters === undefined || service === undefined) return [];
        return [{ unit, service, rule: queue.name, queue, deadLetters }];
      })
      .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  }

  get services(): readonly string[] {
    return [...this.tables.keys()].toSorted();
  }

  /** Throws NotUnderstood, naming the known ones. */
  service(given: string): string {
    if (this.tables.has(given)) return given;
    throw unknown('service', given, this.services);
  }

  /** The table of a service. Throws NotUnderstood, naming the known ones. */
  table(service: string): string {
    const table = this.tables.get(service);
    if (table === undefined) throw unknown('service', service, this.services);
    return table;
  }

  /** By `metrics-facts`, or by the name of its queue, rule or dead letters. Throws NotUnderstood, naming the known ones. */
  subscription(given: string): SubscriptionName {
    const short = given.startsWith(`${this.prefix}-`) ? given.slice(this.prefix.length + 1) : given;
    const unit = short.endsWith(DEAD_LETTERS) ? short.slice(0, -DEAD_LETTERS.length) : short;
    const found = this.subscriptions.find((subscription) => subscription.unit === unit);
    if (found !== undefined) return found;
    throw unknown(
      'queue or consumer',
      given,
      this.subscriptions.map((subscription) => subscription.unit),
    );
  }

  functionsOf(service: string): readonly FunctionName[] {
    return this.functions.filter((fn) => fn.service === service);
  }
}
