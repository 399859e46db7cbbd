import * as z from 'zod';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { StoreId } from '../../../shared/ids/id.ts';
import { Day, Instant } from '../../../shared/time/instant.ts';

/** What becomes of deliveries, and is counted by day. */
export const deliveryFigures = [
  'received',
  'duplicates',
  'signatureFailures',
  'processed',
  'irrelevant',
  'unreadable',
] as const;
export type DeliveryFigure = (typeof deliveryFigures)[number];

const Counts = z.object(
  Object.fromEntries(deliveryFigures.map((name) => [name, z.int().default(0)])) as Record<
    DeliveryFigure,
    z.ZodDefault<z.ZodInt>
  >,
);

/** A day (in UTC) of a store's deliveries. */
export const StoreDay = Counts.extend({ day: Day, lastEventAt: Instant.optional() });
export type StoreDay = z.infer<typeof StoreDay>;

export const STORE_DAY = 'store-day';
const KEPT_DAYS = 90;

const partitionOf = (storeId: StoreId): string => `store#${storeId}`;

/**
 * How a store's deliveries went, by day, for 90 days. Counted beside the deliveries' own writes, which a crash may come
 * between: figures for whoever operates the store, not for its books.
 */
export class StoreDays {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  /** `heard`: that the platform sent something, which no forged delivery says. */
  async count(storeId: StoreId, figure: DeliveryFigure, { heard = false } = {}): Promise<void> {
    const now = this.#table.clock.now();
    const day = now.slice(0, 10);
    await this.#table.update({
      key: { pk: partitionOf(storeId), sk: `day#${day}` },
      add: { [figure]: 1 },
      set: {
        type: STORE_DAY,
        day,
        expiresAt: Math.floor(Date.parse(now) / 1000) + KEPT_DAYS * 86_400,
        ...(heard && { lastEventAt: now }),
      },
    });
  }

  /** The latest days on which there was anything to count, the latest first. */
  async latest(storeId: StoreId, limit: number): Promise<readonly StoreDay[]> {
    const { items } = await this.#table.query({
      pk: partitionOf(storeId),
      skPrefix: 'day#',
      descending: true,
      limit,
    });
    return items.map((item) => StoreDay.parse(item));
  }

  /** When the store was last heard of, as far as its latest 30 days of anything tell. */
  async lastEventAt(storeId: StoreId): Promise<Instant | undefined> {
    const days = await this.latest(storeId, 30);
    return days.find(({ lastEventAt }) => lastEventAt !== undefined)?.lastEventAt;
  }
}
