import type { DemoClient } from './demo-client.ts';
import { plannedOrders, products } from './pastapro.ts';
import { shopifyHeaders, shopifyOrder, shopifyRefund } from './shopify-order.ts';

/** What the web shop signs its webhooks with. */
export const SECRET = 'pastapro-demo-secret';

/** Webhooks come twice, and out of order. */
export const sendOrder = async (
  client: DemoClient,
  storeId: string,
  index: number,
  at: string,
): Promise<void> => {
  const order = plannedOrders()[index];
  const product = products.find((each) => each.sku === order?.sku);
  if (order === undefined || product === undefined) return;
  const id = String(6_198_424_240_000 + index);
  const lines = [
    { sku: product.sku, title: product.name, quantity: order.cases, price: (product.price / 100).toFixed(2) },
  ];
  const body = (updatedAt: string, financialStatus: 'pending' | 'paid') =>
    shopifyOrder({ id, number: 1001 + index, at, updatedAt, lines, shipping: '9.90', financialStatus });
  const later = new Date(Date.parse(at) + 60_000).toISOString();
  const paid = body(later, 'paid');
  const created = body(at, 'pending');
  const hook = (topic: string, payload: string, delivery: string) =>
    client.send(
      `/v1/webhooks/${storeId}`,
      payload,
      shopifyHeaders(topic, payload, SECRET, `${id}-${delivery}`),
    );
  await hook('orders/paid', paid, 'paid');
  // A late delivery of the older state, and a duplicate: neither changes anything.
  await hook('orders/create', created, 'create');
  await hook('orders/paid', paid, 'paid');
  if (index === 5) {
    const refund = shopifyRefund({ id: `${id}9`, orderId: id, at: later, amount: lines[0]?.price ?? '0.00' });
    await hook('refunds/create', refund, 'refund');
  }
};
