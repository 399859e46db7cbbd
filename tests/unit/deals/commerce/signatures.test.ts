import { describe, expect, it } from 'vitest';
import { platforms } from '../../../../services/deals/domain/commerce/platforms.ts';
import { hmac, nowSeconds, webhook } from './webhooks.fixture.ts';

const body = '{"id": 1}';
const key = Buffer.from('pasta-key-that-is-32-bytes-long!');
const whsec = `whsec_${key.toString('base64')}`;
const signed = (secret: string | Uint8Array, timestamp = nowSeconds) =>
  `v1,${hmac(secret, `msg_1.${String(timestamp)}.${body}`, 'base64')}`;
const standard = (signature: string, timestamp = nowSeconds) =>
  webhook(body, {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  });

describe('Standard Webhooks', () => {
  const { refusal } = platforms.custom;

  it.each([
    ['its one signature', signed(key)],
    ['one of several, while a key is rotated', `${signed('another')} ${signed(key)}`],
    ['one beside versions that are not ours', `v1a,AAAA ${signed(key)}`],
  ])('are taken by %s', (_, signature) => {
    expect(refusal(standard(signature), [whsec])).toBeUndefined();
  });

  it('are taken under the new secret and under the one it replaces, and under no third', () => {
    const former = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    for (const secrets of [
      [whsec, former],
      [former, whsec],
    ])
      expect(refusal(standard(signed(key)), secrets)).toBeUndefined();
    expect(refusal(standard(signed(key)), [former])).toBeDefined();
  });

  it.each([
    ['without any header', webhook(body)],
    ['with a signature of another version', standard(signed(key).replace('v1,', 'v2,'))],
    ['with an empty signature', standard('v1,')],
    [
      'with a time that is none',
      webhook(body, { ...standard(signed(key)).headers, 'webhook-timestamp': '1e3' }),
    ],
    [
      'with the id of another message',
      webhook(body, { ...standard(signed(key)).headers, 'webhook-id': 'msg_2' }),
    ],
    ['from ten minutes ago', standard(signed(key, nowSeconds - 600), nowSeconds - 600)],
    ['from the future', standard(signed(key, nowSeconds + 600), nowSeconds + 600)],
  ])('are refused %s', (_, received) => {
    expect(refusal(received, [whsec])).toBeDefined();
  });

  it('are taken until five minutes are over', () => {
    expect(refusal(standard(signed(key, nowSeconds - 300), nowSeconds - 300), [whsec])).toBeUndefined();
  });

  it('of BigCommerce are keyed by the client secret as it is, or by one with whsec_', () => {
    const { refusal: bigcommerce } = platforms.bigcommerce;
    expect(bigcommerce(standard(signed('client-secret')), ['client-secret'])).toBeUndefined();
    expect(bigcommerce(standard(signed(key)), [whsec])).toBeUndefined();
  });
});

describe('Stripe’s signature', () => {
  const secret = 'whsec_pastapro0123456789';
  const { refusal } = platforms.stripe;
  const v1 = (by: string, timestamp = nowSeconds) => `v1=${hmac(by, `${String(timestamp)}.${body}`, 'hex')}`;
  const given = (header: string) => webhook(body, { 'stripe-signature': header });
  const t = `t=${String(nowSeconds)}`;

  it('is taken, alone or among those of a secret that is being rolled', () => {
    expect(refusal(given(`${t},${v1(secret)},v0=00`), [secret])).toBeUndefined();
    expect(refusal(given(`${t},${v1('another')},${v1(secret)}`), [secret])).toBeUndefined();
  });

  it.each([
    ['without a time', v1(secret)],
    ['of another scheme', `${t},${v1(secret).replace('v1', 'v0')}`],
    ['cut short', `${t},${v1(secret).slice(0, -2)}`],
    ['that is too old', `t=${String(nowSeconds - 301)},${v1(secret, nowSeconds - 301)}`],
    ['that is empty', ''],
  ])('%s is refused', (_, header) => {
    expect(refusal(given(header), [secret])).toBeDefined();
  });
});

describe('Saleor’s signature', () => {
  const { refusal } = platforms.saleor;

  it('is the HMAC of the body in hex', () => {
    const signature = hmac('key', body, 'hex');
    expect(refusal(webhook(body, { 'saleor-signature': signature }), ['old', 'key'])).toBeUndefined();
    expect(refusal(webhook(`${body} `, { 'saleor-signature': signature }), ['key'])).toBeDefined();
  });

  it('is refused as a JWS, saying what to do', () => {
    const jws = 'eyJhbGciOiJSUzI1NiJ9..c2lnbmF0dXJl';
    expect(refusal(webhook(body, { 'saleor-signature': jws }), ['key'])).toContain('secret key');
  });
});

describe('WooCommerce’s greeting', () => {
  const isPing = platforms.woocommerce.isPing ?? (() => false);

  it('is an unsigned form with the webhook’s number, and nothing else is', () => {
    expect(isPing(webhook('webhook_id=7'))).toBe(true);
    expect(isPing(webhook('webhook_id=7', { 'x-wc-webhook-signature': 'AAAA' }))).toBe(false);
    for (const other of ['', 'webhook_id=', 'webhook_id=7&x=1', '{"id": 7}', `webhook_id=${'7'.repeat(200)}`])
      expect(isPing(webhook(other)), other).toBe(false);
  });
});

describe('the secret of a store', () => {
  it.each([
    ['stripe', 'whsec_pastapro0123456789', true],
    ['stripe', 'sk_live_pastapro0123456789', false],
    ['custom', whsec, true],
    ['custom', key.toString('base64'), false],
    ['custom', 'whsec_not base64', false],
    ['medusa', 'whsec_c2hvcnQ=', false],
    ['bigcommerce', 'any-client-secret', true],
    ['bigcommerce', 'whsec_c2hvcnQ=', false],
    ['shopify', 'anything', true],
    ['woocommerce', 'anything', true],
    ['saleor', 'anything', true],
  ] as const)('of %s may be %s: %s', (platform, secret, allowed) => {
    expect(platforms[platform].secretProblem(secret) === undefined).toBe(allowed);
  });
});
