import * as z from 'zod';
import {
  deliveryEntity,
  type DeliveryRecord,
  storeEntity,
  STORES,
} from '../../../services/deals/commerce/entities.ts';
import { type Stored, storedFrom } from '../../../shared/dynamodb/entity.ts';
import type { Item } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { EventId, newId, StoreId } from '../../../shared/ids/id.ts';
import type { Command, Context } from '../command.ts';
import { carryOutAgain } from '../recovery/carry-out-again.ts';
import { Checkpoint } from '../recovery/checkpoint.ts';
import { scanSegment } from '../recovery/scan-segment.ts';
import { documentsOf, serviceTable } from '../recovery/service-table.ts';
import { orderChangesSince, orderVersions } from '../recovery/store-orders.ts';
import { Failed, NotUnderstood } from '../refusals.ts';
import { serviceState } from '../service-state.ts';

const Progress = z.object({
  storeId: z.string(),
  after: z.record(z.string(), z.unknown()),
  statuses: z.record(z.string(), z.number()),
});

/** As many as are carried out before the next are touched: others' events don't wait behind a whole store. */
const AT_A_TIME = 100;
const QUEUE = 'commerce';

const storeOf = async (table: Table, given: string): Promise<StoreId> => {
  const id = StoreId.safeParse(given);
  if (!id.success)
    throw new NotUnderstood(`${given} is no store’s id, such as store_01JD0000000000000000000000.`);
  if ((await table.get(storeEntity.key(id.data))) !== undefined) return id.data;
  const { items } = await table.query({ index: 'gsi1', pk: STORES, limit: 20 });
  const known = items.map((item) => storedFrom<{ id: string; name: string }>(item));
  throw new Failed(
    [`There is no store ${given}.`, ...known.map((store) => `  ${store.id}  ${store.name}`)].join('\n'),
  );
};

const requireConsumer = async ({ target }: Context): Promise<void> => {
  const { consumers } = await serviceState(target, 'deals');
  const consumer = consumers.find(({ queue }) => queue.endsWith(`-${QUEUE}`));
  if (consumer?.state === 'Enabled') return;
  throw new Failed(
    `Nobody carries deliveries out: ${consumer?.queue ?? QUEUE} is ${consumer?.state ?? 'not there'}. ` +
      `Resume it: npm run ops -- resume deals ${target.flag} --apply`,
  );
};

type Delivery = Stored<DeliveryRecord>;
const deliveriesOf = (items: readonly Item[], storeId: StoreId): readonly Delivery[] =>
  items
    .map((item) => storedFrom<DeliveryRecord>(item))
    .filter((delivery) => delivery.storeId === storeId)
    .toSorted((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));

const total = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name === 'received' ? 'not carried out' : name}`)
    .join(', ');

export const reconcile: Command = {
  name: 'reconcile',
  summary: 'Carry out every kept delivery of a store again, so that its orders are as its platform told them',
  parameters: ['storeId'],
  options: { again: { type: 'boolean', says: 'from the beginning, where a stopped run would go on' } },
  changes: true,
  details: [
    'Deliveries are kept for 30 days. Carrying one out twice changes nothing: orders that are right stay as they are.',
    'After a correction of an adapter it reads what was unreadable; after a restore it brings orders level.',
    'What the platform never delivered is not fetched from it. It reads the whole table of deals, a page at a time.',
  ].join('\n'),
  async run(context) {
    const { target, args, flags, apply, now, signal, report, progress } = context;
    const table = await serviceTable(context, 'deals');
    const storeId = await storeOf(table, args[0] ?? '');
    if (apply) await requireConsumer(context);
    const checkpoint = new Checkpoint(`reconcile ${target.flag} ${storeId}`, Progress);
    const found = apply && !flags.has('again') ? checkpoint.read() : undefined;
    if (found !== undefined) progress('Going on where it was stopped …');
    const statuses: Record<string, number> = { ...found?.statuses };
    const before = apply ? await orderVersions(table, storeId) : new Map<string, number>();
    const cause = { correlationId: `reconcile-${newId(EventId, now()).slice(4)}`, actor: 'system' } as const;
    const stopped = () =>
      new Failed(`Stopped after ${total(statuses)} deliveries. The same command goes on with the rest.`);

    const pages = scanSegment(documentsOf(context), {
      table: table.name,
      segment: 0,
      of: 1,
      after: found?.after,
      type: deliveryEntity.type,
    });
    for await (const { items, lastKey } of pages) {
      const deliveries = deliveriesOf(items, storeId);
      for (let start = 0; start < deliveries.length; start += AT_A_TIME) {
        if (signal.aborted) throw stopped();
        const some = deliveries.slice(start, start + AT_A_TIME);
        const outcome = apply
          ? await carryOutAgain(some, { table, cause, signal })
          : some.map(({ status }) => status);
        for (const status of outcome) statuses[status] = (statuses[status] ?? 0) + 1;
        progress(`${total(statuses)} deliveries …`);
      }
      if (apply && lastKey !== undefined) checkpoint.write({ storeId, after: { ...lastKey }, statuses });
      if (signal.aborted) throw stopped();
    }

    if (!apply) {
      report({ storeId, deliveries: statuses }, () =>
        total(statuses) === 0
          ? `${storeId} has no kept deliveries.`
          : `Would carry out ${total(statuses)} deliveries of ${storeId} again; as they stand: ${listed(statuses)}.`,
      );
      return;
    }
    checkpoint.remove();
    const orders = await orderChangesSince(table, storeId, before);
    report({ storeId, deliveries: statuses, orders }, () =>
      [
        `Deliveries: ${listed(statuses) || 'none'}.`,
        `Orders: ${orders.made} made, ${orders.changed} changed, ${orders.unchanged} unchanged.`,
      ].join('\n'),
    );
    if ((statuses.received ?? 0) > 0)
      throw new Failed(
        `${statuses.received ?? 0} deliveries were not carried out: see npm run ops -- dead-letters list ${target.flag}`,
      );
  },
};
