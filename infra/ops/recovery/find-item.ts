import type { Item, Key } from '../../../shared/dynamodb/item.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { RestatedKind, RestatedService } from '../../../shared/events/restated.ts';
import type { Context } from '../command.ts';
import { Failed, NotUnderstood } from '../refusals.ts';
import { restatedServices } from './restated-services.ts';
import { tableNamed } from './service-table.ts';

/** A stored item that tells of itself. */
export interface Found {
  readonly service: RestatedService;
  readonly kind: RestatedKind;
  readonly table: Table;
  readonly item: Item;
}

const KNOWN =
  'deal_…, order_…, acct_…, prod_…, dlv_…, imp_…, mem_…, team_…, ter_…, goal_…, alert_…, organization, ' +
  'a day of exchange rates such as 2026-11-23, or a bucket such as bucket:org#2026-11-23#0';

/** Where an id may lie: in one service's table, or in two for imports. */
const placesOf = (
  id: string,
): readonly { readonly service: RestatedService; readonly kind: RestatedKind; readonly key: Key }[] =>
  restatedServices.flatMap((service) =>
    service.kinds.flatMap((kind) => {
      const key = kind.keyOf?.(id);
      return key === undefined ? [] : [{ service, kind, key }];
    }),
  );

/** The item whose events have this subject. Throws NotUnderstood for what is no such id, Failed where there is none. */
export const findItem = async (context: Pick<Context, 'target' | 'now'>, id: string): Promise<Found> => {
  const places = placesOf(id);
  if (places.length === 0) throw new NotUnderstood(`${id} is no id that events are about. Known: ${KNOWN}.`);
  for (const { service, kind, key } of places) {
    // Nothing is written under an epoch here: the item keeps its own.
    const table = tableNamed(context, context.target.names.table(service.service), 0);
    const item = await table.get(key);
    if (item !== undefined) return { service, kind, table, item };
  }
  const tables = places.map(({ service }) => context.target.names.table(service.service));
  throw new Failed(`There is no ${id} in ${tables.join(' or ')}.`);
};
