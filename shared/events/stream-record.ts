import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as z from 'zod';
import { OutboxEntries, type OutboxEntry } from '../dynamodb/outbox.ts';
import type { EventContract } from './contract.ts';
import { instantFrom } from '../time/instant.ts';
import { InvalidEvent, issuesOf } from './envelope.ts';
import type { BusEvent } from './publisher.ts';

/** What the relay needs of an item that carries an outbox; the rest is the service's own. */
export const OutboxItem = z.looseObject({
  pk: z.string(),
  sk: z.string(),
  type: z.string(),
  version: z.int().min(1),
  epoch: z.int().min(0).default(0),
  data: z.record(z.string(), z.unknown()).optional(),
  outbox: OutboxEntries,
});
export type OutboxItem = z.infer<typeof OutboxItem>;

export interface Projection {
  /** The item's `type`. */
  readonly type: string;
  /** The entity; empty for items that keep no `data`. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly entry: OutboxEntry;
  /** The whole item as of the write that caused the event. */
  readonly item: OutboxItem;
}

export interface EventMapping {
  /** Every contract that the service emits. */
  readonly contracts: readonly EventContract[];
  /** The event's `data`; the entity with the entry's `change` over it, unless given. */
  readonly project?: ((projection: Projection) => unknown) | undefined;
  /** Whose state it is; the entity's id unless given. */
  readonly subject?: ((projection: Projection) => string) | undefined;
}

const defaultData = ({ data, entry }: Projection): unknown => ({ ...data, ...entry.change });
const defaultSubject = ({ data, item }: Projection): string =>
  typeof data.id === 'string' ? data.id : `${item.pk}#${item.sk}`;

/**
 * The item as it was right after the write, if that write caused events.
 * @throws InvalidEvent for an outbox that can't be read
 */
export const outboxItemOf = ({ eventName, dynamodb }: DynamoDBRecord): OutboxItem | undefined => {
  if (eventName === 'REMOVE' || dynamodb?.NewImage?.outboxId === undefined) return undefined;
  // Lambda's type for the same JSON differs in name only.
  const item = OutboxItem.safeParse(unmarshall(dynamodb.NewImage as Record<string, AttributeValue>));
  if (!item.success) throw new InvalidEvent(`The item's outbox can't be read. ${issuesOf(item.error)}`);
  return item.data;
};

/** The event that an entry stands for, with the state of that very write. @throws InvalidEvent */
export const busEventOf = (item: OutboxItem, entry: OutboxEntry, mapping: EventMapping): BusEvent => {
  const { project = defaultData, subject = defaultSubject } = mapping;
  const contract = mapping.contracts.find(({ detailType }) => detailType === entry.type);
  if (contract === undefined) throw new InvalidEvent(`This service has no contract for ${entry.type}.`);
  const { sinceStart, ...origin } = entry;
  const projection: Projection = { type: item.type, data: item.data ?? {}, entry, item };
  const detail = contract.detail.safeParse({
    metadata: {
      ...origin,
      ...(sinceStart !== undefined && { startedAt: instantFrom(Date.parse(entry.time) - sinceStart) }),
      subject: subject(projection),
      version: item.version,
      epoch: item.epoch,
    },
    data: project(projection),
  });
  if (!detail.success) throw new InvalidEvent(`Not a valid ${entry.type}. ${issuesOf(detail.error)}`);
  return {
    source: contract.source,
    detailType: contract.detailType,
    detail: detail.data,
  };
};
