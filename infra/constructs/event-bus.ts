import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Archive, EventBus as Bus, Match } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { named, type StageConfig } from '../stage.ts';
import type { ServiceFunction } from './service-function.ts';

/**
 * The bus between the services, and the archive it can be replayed from. The only construct that knows what kind of
 * bus it is.
 */
export class EventBus extends Construct {
  readonly bus: Bus;

  constructor(scope: Construct, id: string, stage: StageConfig) {
    super(scope, id);
    this.bus = new Bus(this, 'Bus', {
      eventBusName: named(stage),
      description: 'Events between the services',
    });
    const archive = new Archive(this, 'Archive', {
      sourceEventBus: this.bus,
      archiveName: named(stage, 'events'),
      description: 'Every event of every service, for replay',
      eventPattern: { source: Match.prefix('quotaline.') },
      retention: Duration.days(stage.archiveDays),
    });
    if (stage.protect) {
      this.bus.applyRemovalPolicy(RemovalPolicy.RETAIN);
      archive.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }

  allowPublishing(fn: ServiceFunction): void {
    fn.may(['events:PutEvents'], [this.bus.eventBusArn]);
    fn.setEnvironment({ EVENT_BUS_NAME: this.bus.eventBusName });
  }
}
