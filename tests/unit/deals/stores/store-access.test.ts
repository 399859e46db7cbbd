import { describe, expect, it } from 'vitest';
import { checkedAccess, type StoreAccess } from '../../../../services/deals/commerce/store-access.ts';
import type { Platform } from '../../../../services/deals/domain/commerce/platform.ts';
import { Unprocessable } from '../../../../shared/errors/errors.ts';

const wrong = (platform: Platform, access: StoreAccess): readonly string[] => {
  try {
    checkedAccess(platform, access);
  } catch (error) {
    if (error instanceof Unprocessable) return (error.errors ?? []).map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('access to a store’s API', () => {
  it('fills in the address of platforms that have one for all shops', () => {
    expect(checkedAccess('bigcommerce', { storeHash: 'abc', accessToken: 't' }).url).toBe(
      'https://api.bigcommerce.com',
    );
    expect(
      checkedAccess('stripe', { secretKey: 'sk_test_1', url: 'https://stripe.proxy.example/' }).url,
    ).toBe('https://stripe.proxy.example');
  });

  it('names everything that is missing or of no use, at once', () => {
    expect(wrong('woocommerce', { accessToken: 't' })).toEqual([
      '/api/url',
      '/api/consumerKey',
      '/api/consumerSecret',
      '/api/accessToken',
    ]);
    expect(wrong('custom', { url: 'https://shop.example' })).toEqual(['/api']);
  });

  it.each([
    'http://shop.example',
    'ftp://shop.example',
    'shop.example',
    'https://user:secret@shop.example',
    'https://shop.example/?key=1',
    'http://127.0.0.1:9001',
  ])('takes no address like %s', (url) => {
    expect(wrong('medusa', { url, apiKey: 'k' })).toEqual(['/api/url']);
  });

  it('takes plain http where shops are on the own machine', () => {
    const access = { url: 'http://127.0.0.1:4000', apiKey: 'k' };
    expect(checkedAccess('medusa', access, { plainHttp: true }).url).toBe('http://127.0.0.1:4000');
  });
});
