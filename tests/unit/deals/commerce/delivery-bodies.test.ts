import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DeliveryBodies } from '../../../../services/deals/commerce/delivery-bodies.ts';
import { UnreadableDelivery } from '../../../../services/deals/domain/commerce/order-message.ts';
import { DeliveryId, derivedId, StoreId } from '../../../../shared/ids/id.ts';
import { storedObjects } from '../../../support/stored-objects.ts';

const delivery = { id: derivedId(DeliveryId, 'a'), storeId: derivedId(StoreId, 'a') };
/** Hexadecimal digits compress to half. */
const digits = (bytes: number) => randomBytes(bytes / 2).toString('hex');

describe('the body of a delivery', () => {
  it.each([
    ['is kept in its item while it is small', 'Zwölf Kisten Ravioli', false],
    ['is kept in its item while it compresses to little', 'x'.repeat(900_000), false],
    ['goes to the bucket when it doesn’t', digits(700_000), true],
    ['goes to the bucket beyond a megabyte, whatever it compresses to', 'x'.repeat(1_100_000), true],
  ])('%s', async (_, text, inBucket) => {
    const { s3, objects } = storedObjects();
    const bodies = new DeliveryBodies(s3, 'bucket');
    const kept = await bodies.keep(delivery, Buffer.from(text));
    expect(objects.size).toBe(inBucket ? 1 : 0);
    expect(kept.bodyFile !== undefined).toBe(inBucket);
    expect(kept.body?.length ?? 0).toBeLessThan(300 * 1024);
    expect((await bodies.text(kept)) === text).toBe(true);
  });

  it('replaces no other one of the same delivery', async () => {
    const { s3, objects } = storedObjects();
    const bodies = new DeliveryBodies(s3, 'bucket');
    const first = await bodies.keep(delivery, Buffer.from('1'.repeat(1_100_000)));
    await bodies.keep(delivery, Buffer.from('2'.repeat(1_100_000)));
    await bodies.keep(delivery, Buffer.from('2'.repeat(1_100_000)));
    expect(objects.size).toBe(2);
    expect((await bodies.text(first)).startsWith('1')).toBe(true);
  });

  it('makes the delivery unreadable, not the queue stand still, when its file was erased', async () => {
    const { s3, objects } = storedObjects();
    const bodies = new DeliveryBodies(s3, 'bucket');
    const kept = await bodies.keep(delivery, Buffer.from('x'.repeat(1_100_000)));
    objects.clear();
    await expect(bodies.text(kept)).rejects.toThrow(UnreadableDelivery);
  });
});
