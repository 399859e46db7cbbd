import { Construct } from 'constructs';
import type { ServiceDeclaration } from '../services.ts';
import type { StageConfig } from '../stage.ts';
import { sumOf, type Alarms } from './alarms.ts';
import type { EventBus } from './event-bus.ts';
import { OwnedTable } from './owned-table.ts';
import { ServiceFunction, type BundleFolder, type FunctionSettings } from './service-function.ts';
import type { Storage } from './storage.ts';
import { StreamRelay } from './stream-relay.ts';
import { Subscription } from './subscription.ts';

interface ServiceProps<Name extends string> {
  readonly stage: StageConfig;
  readonly declaration: ServiceDeclaration;
  readonly bundles: BundleFolder;
  readonly bus: EventBus;
  readonly storage: Storage;
  readonly alarms: Alarms;
  /** By file name in the service's functions/; each has an `api` and a `relay`. */
  readonly functions: Readonly<Record<Name | 'api' | 'relay', FunctionSettings>>;
  /** Functions that only look things up in the table; all others but the relay may write as well. */
  readonly readOnly?: readonly Name[];
}

/**
 * One service: its table, its functions, the relay of its events, and the queues of its subscriptions. None of its
 * functions can be given another service's table, for it is known here alone.
 */
export class Service<Name extends string = never> extends Construct {
  readonly #functions: ReadonlyMap<string, ServiceFunction>;
  readonly #subscriptions: readonly Subscription[];

  constructor(scope: Construct, id: string, props: ServiceProps<Name>) {
    super(scope, id);
    const { stage, declaration, bundles, bus, storage, alarms } = props;
    const service = declaration.name;
    const table = new OwnedTable(this, 'Table', { stage, service, alarms });
    const readOnly: readonly string[] = props.readOnly ?? [];

    this.#functions = new Map(
      Object.entries<FunctionSettings>(props.functions).map(([name, settings]) => {
        const fn = new ServiceFunction(this, pascalCase(name), {
          ...settings,
          stage,
          service,
          name,
          bundles,
          environment: { TABLE_NAME: table.table.tableName, EPOCH: String(stage.epochs[service]) },
        });
        if (readOnly.includes(name)) table.allowReading(fn);
        // The relay reads the stream alone.
        else if (name !== 'relay') table.allowReadingAndWriting(fn);
        return [name, fn];
      }),
    );
    new StreamRelay(this, 'StreamRelay', { service, table, relay: this.fn('relay'), bus, storage, alarms });
    this.#subscriptions = declaration.subscriptions.map((subscription) => {
      const consumer = this.#functions.get(subscription.function);
      if (consumer === undefined) {
        throw new Error(
          `${service} subscribes “${subscription.name}” with an unknown function ${subscription.function}`,
        );
      }
      return new Subscription(this, `To${pascalCase(subscription.name)}`, {
        stage,
        declaration: subscription,
        bus,
        consumer,
        alarms,
      });
    });
    alarms.raise(this, 'LostEvents', {
      name: `${service}-lost-events`,
      says: `Events for ${service} reached neither their queue nor its dead letters. They are in the archive.`,
      runbook: 'lost-events',
      metric: sumOf(
        service,
        this.#subscriptions.map((each) => each.lost()),
      ),
      above: 0,
    });
    alarms.watch(this, service, [...this.#functions.values()]);
  }

  fn(name: Name | 'api' | 'relay'): ServiceFunction {
    const found = this.#functions.get(name);
    if (found === undefined) throw new Error(`No function ${name} in ${this.node.path}`);
    return found;
  }

  /** By the name that it is declared with. */
  subscription(name: string): Subscription {
    const found = this.#subscriptions.find(({ unit }) => unit.endsWith(`-${name}`));
    if (found === undefined) throw new Error(`No subscription ${name} in ${this.node.path}`);
    return found;
  }
}

const pascalCase = (kebab: string): string =>
  kebab.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
