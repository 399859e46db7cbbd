import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Platform } from '../../services/deals/domain/commerce/platform.ts';

export const folder = (name: string) =>
  fileURLToPath(new URL(`../../../shared/data/webhooks/${name}`, import.meta.url));
export const bodyOf = (platform: string, file: string) => readFileSync(`${folder(platform)}/${file}`);
export const payloads = (platform: string) =>
  readdirSync(folder(platform)).map((file) => ({ file, body: bodyOf(platform, file) }));

const key = Buffer.from('an-example-key-of-32-bytes-long!');
const whsec = `whsec_${key.toString('base64')}`;

const topicOf = (file: string) => file.replace(/(-bigint)?-\d+\.json$/, '');
const hmac = (secret: string | Buffer, body: Buffer, encoding: 'base64' | 'hex', before = '') =>
  createHmac('sha256', secret).update(before).update(body).digest(encoding);
const standard = (secret: string | Buffer, seconds: string) => (file: string, body: Buffer) => ({
  'webhook-id': file,
  'webhook-timestamp': seconds,
  'webhook-signature': `v1,${hmac(secret, body, 'base64', `${file}.${seconds}.`)}`,
});

interface Sender {
  readonly secret: string;
  readonly headers: (file: string, body: Buffer) => Record<string, string>;
}

/** What each platform signs with, and sends along with a body at this time (in milliseconds). */
export const sendersAt = (time: number): Readonly<Record<Platform, Sender>> => {
  const seconds = String(Math.floor(time / 1000));
  return {
    shopify: {
      secret: 'shpss_example',
      headers: (file, body) => ({
        'x-shopify-topic': topicOf(file).replace('-', '/'),
        'x-shopify-webhook-id': file,
        'x-shopify-hmac-sha256': hmac('shpss_example', body, 'base64'),
      }),
    },
    woocommerce: {
      secret: 'woo',
      headers: (file, body) => ({
        'x-wc-webhook-topic': topicOf(file).replace('-', '.'),
        'x-wc-webhook-signature': hmac('woo', body, 'base64'),
      }),
    },
    bigcommerce: { secret: 'client-secret', headers: standard('client-secret', seconds) },
    stripe: {
      secret: 'whsec_0123456789abcdef',
      headers: (_, body) => ({
        'stripe-signature': `t=${seconds},v1=${hmac('whsec_0123456789abcdef', body, 'hex', `${seconds}.`)}`,
      }),
    },
    medusa: { secret: whsec, headers: standard(key, seconds) },
    saleor: {
      secret: 'saleor',
      headers: (file, body) => ({
        'saleor-event': topicOf(file),
        'saleor-signature': hmac('saleor', body, 'hex'),
      }),
    },
    custom: { secret: whsec, headers: standard(key, seconds) },
  };
};
