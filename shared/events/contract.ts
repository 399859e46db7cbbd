import * as z from 'zod';
import { EventId } from '../ids/id.ts';
import { Instant } from '../time/instant.ts';

export type ServiceName = 'team' | 'deals' | 'metrics' | 'goals';

/** Who or what caused an event: `mem_…`, `client:<id>`, `store:<id>` or `system`. */
export const Actor = z.union([
  z.literal('system'),
  z.templateLiteral(['mem_', z.string()]),
  z.templateLiteral(['client:', z.string()]),
  z.templateLiteral(['store:', z.string()]),
]);
export type Actor = z.infer<typeof Actor>;

/**
 * The metadata of every event. `version` rises by one with each change of the subject; `epoch` rises when a table
 * is restored from a backup, so that restored state is news again. Compare versions as (epoch, version).
 */
export const EventMetadata = z.object({
  id: EventId,
  time: Instant,
  correlationId: z.string().min(1),
  causationId: z.string().min(1).optional(),
  traceparent: z.string().optional(),
  /** When the first write of the chain happened; absent where this event is it. */
  startedAt: Instant.optional(),
  actor: Actor,
  subject: z.string().min(1),
  version: z.int().min(1),
  epoch: z.int().min(0).default(0),
});
export type EventMetadata = z.infer<typeof EventMetadata>;

export interface EventContract<Data extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly major: number;
  readonly service: ServiceName;
  /** EventBridge `Source`. */
  readonly source: string;
  /** EventBridge `DetailType`: the name with its major version. */
  readonly detailType: string;
  readonly description: string;
  readonly data: Data;
  /** EventBridge `Detail`. */
  readonly detail: z.ZodObject<{ metadata: typeof EventMetadata; data: Data }>;
}

export type EventData<Contract extends EventContract> = z.infer<Contract['data']>;

/** A received or published event, parsed. `detailType` tells which contract it holds. */
export interface EventOf<Contract extends EventContract = EventContract> {
  readonly detailType: string;
  readonly metadata: EventMetadata;
  readonly data: EventData<Contract>;
  /** Set where an archive's replay delivered it: it happened long ago. */
  readonly isReplayed?: boolean;
}

/** Declares an event: what it is called on the bus, and the shape of its `data`. */
export const event = <Data extends z.ZodType>(declaration: {
  readonly service: ServiceName;
  readonly name: string;
  readonly major: number;
  readonly description: string;
  readonly data: Data;
}): EventContract<Data> => ({
  ...declaration,
  source: `quotaline.${declaration.service}`,
  detailType: `${declaration.name}.v${String(declaration.major)}`,
  detail: z.object({ metadata: EventMetadata, data: declaration.data }),
});
