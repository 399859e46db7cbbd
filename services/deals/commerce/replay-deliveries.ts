import * as z from 'zod';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import { untilSaved } from '../../../shared/dynamodb/until-saved.ts';
import { DeliveryReceived } from '../../../shared/events/deals.ts';
import { StoreId } from '../../../shared/ids/id.ts';
import type { JobHandler } from '../../../shared/jobs/handler.ts';
import { type DeliveryRecord, deliveryEntity, keptDeliveriesOf } from './entities.ts';

export const REPLAY_DELIVERIES = 'replay-deliveries';
export const ReplayInput = z.object({ storeId: StoreId });

const Position = z.object({ after: z.record(z.string(), z.unknown()).optional() });
const PAGE = 50;

/** A kept delivery as it came in; what was said of it is said anew when it is carried out. */
export const receivedAgain = ({ note: _note, ...delivery }: DeliveryRecord): DeliveryRecord => ({
  ...delivery,
  status: 'received',
});

/** Hands a store's unreadable deliveries on to be carried out once more, for their cause may be mended. */
export const replayDeliveries = (table: Table): JobHandler => ({
  kind: REPLAY_DELIVERIES,
  async page(job, run) {
    const { storeId } = ReplayInput.parse(job.input);
    const { after } = Position.parse(job.position ?? {});
    const deliveries = new Repository<DeliveryRecord>(table, deliveryEntity, run.cause);
    const page = await deliveries.queryIndex('gsi1', keptDeliveriesOf(storeId), {
      // What has come in since was read by the adapter of now.
      skTo: `${job.createdAt}#~`,
      limit: PAGE,
      cursor: after,
    });
    let replayed = 0;
    for (const { id } of page.items) {
      const isReplayed = await untilSaved(async () => {
        const delivery = await deliveries.get(id);
        if (delivery.status !== 'unreadable') return false;
        await deliveries.save({ ...receivedAgain(delivery), version: delivery.version }, DeliveryReceived);
        return true;
      });
      replayed += isReplayed ? 1 : 0;
    }
    return { ...(page.lastKey !== undefined && { position: { after: page.lastKey } }), counts: { replayed } };
  },
});
