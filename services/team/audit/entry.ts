import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import { Actor, type EventOf } from '../../../shared/events/contract.ts';
import { Instant } from '../../../shared/time/instant.ts';
import type { Fields } from '../../../shared/privacy/sealed-fields.ts';

const Bag = z.record(z.string(), z.unknown());

/** One change, as it is kept: the state after it. What was before is the entry before. */
export const AuditEntry = z.object({
  eventId: z.string(),
  event: z.string(),
  at: Instant,
  actor: Actor,
  correlationId: z.string(),
  subject: z.string(),
  epoch: z.int(),
  version: z.int(),
  /** Personal values in it are sealed. */
  state: Bag,
  /** What the event says beside the state. */
  details: Bag,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Entries can be read for a year; the archive has them for longer. */
const KEPT_SECONDS = 365 * 86_400;

export const auditKey = (subject: string): string => `audit#${subject}`;

/** In the order of versions, whatever the order of arrival; several events of one write stand side by side. */
const sortKey = ({ epoch, version, eventId }: AuditEntry): string =>
  [String(epoch).padStart(6, '0'), String(version).padStart(12, '0'), eventId].join('#');

export const entryOf = (
  { detailType, metadata }: Pick<EventOf, 'detailType' | 'metadata'>,
  { state, details }: { readonly state: Fields; readonly details: Fields },
): AuditEntry => ({
  eventId: metadata.id,
  event: detailType,
  at: metadata.time,
  actor: metadata.actor,
  correlationId: metadata.correlationId,
  subject: metadata.subject,
  epoch: metadata.epoch,
  version: metadata.version,
  state: { ...state },
  details: { ...details },
});

export const AUDIT_ENTRY = 'audit-entry';

/** Compressed: it halves what an entry costs, and any state that fits into its own item fits here, too. */
export const entryItem = (entry: AuditEntry): Item & Key => {
  const { state, details, ...facts } = entry;
  return {
    pk: auditKey(entry.subject),
    sk: sortKey(entry),
    type: AUDIT_ENTRY,
    ...facts,
    told: gzipSync(JSON.stringify({ state, details })),
    expiresAt: Math.floor(Date.parse(entry.at) / 1000) + KEPT_SECONDS,
  };
};

const Told = z.object({ told: z.instanceof(Uint8Array) });

export const entryFrom = (item: Item): AuditEntry => {
  const { told } = Told.parse(item);
  return AuditEntry.parse({ ...item, ...Bag.parse(JSON.parse(gunzipSync(told).toString('utf8'))) });
};
