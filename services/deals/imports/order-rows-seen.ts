import type { Table } from '../../../shared/dynamodb/table.ts';
import type { ImportId, OrderId } from '../../../shared/ids/id.ts';
import type { SeenRows } from '../domain/commerce/order-rows.ts';

export const ORDER_ROWS = 'import-order-rows';

/** Longer than any import goes on. */
const KEPT_SECONDS = 7 * 86_400;

const pkOf = (importId: ImportId, orderId: OrderId): string => `import-order#${importId}#${orderId}`;

/**
 * Which rows of each order an import has taken in: an order's rows may lie on any pages of the file, and be handed in again
 * after a crash. One item a page and order, so that writing it again is harmless.
 */
export class OrderRowsSeen {
  readonly #table: Table;
  readonly #importId: ImportId;

  constructor(table: Table, importId: ImportId) {
    this.#table = table;
    this.#importId = importId;
  }

  async read(orderId: OrderId): Promise<SeenRows> {
    const { items } = await this.#table.query({ pk: pkOf(this.#importId, orderId) });
    return new Map(
      items.flatMap(({ rows }) =>
        (rows as readonly (readonly [number, string])[]).map(([line, hash]) => [line, hash] as const),
      ),
    );
  }

  async add(orderId: OrderId, rows: SeenRows): Promise<void> {
    const [first] = [...rows.keys()].toSorted((a, b) => a - b);
    if (first === undefined) return;
    await this.#table.put({
      pk: pkOf(this.#importId, orderId),
      sk: `rows#${String(first).padStart(9, '0')}#${String(rows.size)}`,
      type: ORDER_ROWS,
      rows: [...rows],
      expiresAt: Math.floor(Date.parse(this.#table.clock.now()) / 1000) + KEPT_SECONDS,
    });
  }
}
