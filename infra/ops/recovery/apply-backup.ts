import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { absent, equals } from '../../../shared/dynamodb/expressions.ts';
import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import type { Cause } from '../../../shared/events/cause.ts';
import { type RestatedService, restatingOutbox } from '../../../shared/events/restated.ts';
import { Failed } from '../refusals.ts';
import { decide, type Decision, itemToWrite, type Outcome, type Pair } from './decide.ts';
import { EPOCH_MARKER } from './epoch-marker.ts';
import { kindOfType } from './restated-services.ts';
import { scanSegment } from './scan-segment.ts';

/** A part of the work: one segment of one of the two tables. */
export interface Part {
  readonly reading: 'backup' | 'live';
  readonly segment: number;
}

export interface Restore {
  readonly service: RestatedService;
  readonly documents: DynamoDBDocumentClient;
  readonly backup: Table;
  /** Writes under its epoch, the raised one. */
  readonly live: Table;
  /** Of what is told again. */
  readonly cause: Cause;
  /** False: compare only. */
  readonly apply: boolean;
  readonly signal: AbortSignal;
  /** Called for each key that either table has. */
  readonly onDecided: (item: Item, outcome: Outcome) => void;
  /** Called when everything of a page is settled; `lastKey` is absent after the last one. */
  readonly onPage: (part: Part, lastKey: Item | undefined) => void;
  /** Where a stopped run came to in this part; `finished` leaves it out. */
  readonly resumeAt: (part: Part) => Item | 'finished' | undefined;
}

const SEGMENTS = 4;
const CONCURRENT_KEYS = 8;
/** How often a key is looked at again that somebody wrote meanwhile. */
const ATTEMPTS = 3;

const keyOf = ({ pk, sk }: Item): Key => ({ pk: String(pk), sk: String(sk) });
const textOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);

const byKey = async (table: Table, keys: readonly Key[]): Promise<ReadonlyMap<string, Item>> =>
  new Map((await table.batchGet(keys)).map((item) => [textOf(item), item]));

/**
 * Makes the live table as the backup was, key by key; or says what that would do. It may be stopped after any page, and
 * repeated from the start: what is as it should be is not written again. Pages are all that it holds in memory.
 * @throws Failed where the service still writes, for items nobody has decided about, and when it was stopped
 */
export const applyBackup = async (restore: Restore): Promise<void> => {
  // What is made since can only be told once the backup's own keys are back.
  for (const reading of ['backup', 'live'] as const) {
    const parts = Array.from({ length: SEGMENTS }, (_, segment): Part => ({ reading, segment }));
    await mapConcurrently(parts, SEGMENTS, async (part) => settlePart(part, restore));
    if (restore.signal.aborted) throw new Failed('Stopped. The same command goes on where it was.');
  }
};

const settlePart = async (part: Part, restore: Restore): Promise<void> => {
  const { documents, signal } = restore;
  const after = restore.resumeAt(part);
  if (after === 'finished') return;
  const table = restore[part.reading].name;
  for await (const page of scanSegment(documents, { table, segment: part.segment, of: SEGMENTS, after })) {
    const items = page.items.filter(({ type }) => type !== EPOCH_MARKER);
    const settled =
      part.reading === 'backup' ? await inBackup(items, restore) : await onlyLive(items, restore);
    for (const { item, outcome } of settled) restore.onDecided(item, outcome);
    restore.onPage(part, page.lastKey);
    if (signal.aborted) return;
  }
};

interface Settled {
  readonly item: Item;
  readonly outcome: Outcome;
}

const inBackup = async (items: readonly Item[], restore: Restore): Promise<readonly Settled[]> => {
  const live = await byKey(restore.live, items.map(keyOf));
  return mapConcurrently(items, CONCURRENT_KEYS, async (backup) =>
    settle({ backup, live: live.get(textOf(backup)) }, true, restore),
  );
};

const onlyLive = async (items: readonly Item[], restore: Restore): Promise<readonly Settled[]> => {
  const known = await byKey(restore.backup, items.map(keyOf));
  const made = items.filter((item) => !known.has(textOf(item)));
  const owners = new Map(
    made.flatMap((item) => {
      const owner = kindOfType(restore.service, item.type).belongsTo?.(item);
      return owner === undefined ? [] : [[textOf(item), owner] as const];
    }),
  );
  const found = await byKey(restore.backup, [...owners.values()]);
  return mapConcurrently(made, CONCURRENT_KEYS, async (live) => {
    const owner = owners.get(textOf(live));
    return settle(
      { backup: undefined, live },
      owner === undefined || found.has(textOf({ ...owner })),
      restore,
    );
  });
};

const settle = async (pair: Pair, ownerInBackup: boolean, restore: Restore): Promise<Settled> => {
  const { service, live: table, apply } = restore;
  const item = pair.backup ?? pair.live ?? {};
  const kind = kindOfType(service, item.type);
  let { live } = pair;
  for (let attempt = 1; ; attempt += 1) {
    const circumstances = { epoch: table.epoch, now: Date.parse(table.clock.now()), ownerInBackup };
    const decision = decide(kind, { backup: pair.backup, live }, circumstances);
    try {
      if (apply) await write(decision, { backup: pair.backup, live }, restore);
      return { item, outcome: decision.outcome };
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (attempt === ATTEMPTS)
        throw new Failed(
          `Somebody keeps writing ${String(item.pk)}: ${service.service} is not paused. Pause it, then repeat the command.`,
        );
      live = await table.get(keyOf(item));
    }
  }
};

const write = async (
  { outcome, desired }: Decision,
  pair: Pair,
  { service, live: table, cause }: Restore,
): Promise<void> => {
  const unchanged = pair.live === undefined ? absent : equals({ version: pair.live.version });
  if (outcome === 'removed') {
    if (pair.live !== undefined) await table.transact([{ remove: keyOf(pair.live), condition: unchanged }]);
    return;
  }
  if (desired === undefined) return;
  const kind = kindOfType(service, desired.type);
  const item = itemToWrite(kind, desired, pair, {
    epoch: table.epoch,
    outboxOf: (written) => restatingOutbox(kind, written, cause, table.clock),
  });
  await table.put(item, unchanged);
};
