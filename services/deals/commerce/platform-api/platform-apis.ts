import type { Clock } from '../../../../shared/time/instant.ts';
import { platforms } from '../../domain/commerce/platforms.ts';
import type { Platform } from '../../domain/commerce/platform.ts';
import type { StoreRecord } from '../entities.ts';
import type { KeptAccess, StoreSecrets } from '../store-secrets.ts';
import { bigCommerceApi } from './bigcommerce.ts';
import { type Fetch, StoreApiHttp } from './http.ts';
import { medusaApi, shopifyApi, stripeApi, wooCommerceApi } from './listed-orders.ts';
import type { PlatformApi } from './platform-api.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** How the platform's API is told who asks. */
const headersOf = (platform: Platform, access: KeptAccess): Readonly<Record<string, string>> => {
  const { accessToken = '', consumerKey = '', consumerSecret = '', secretKey = '', apiKey = '' } = access;
  switch (platform) {
    case 'shopify':
      return { 'x-shopify-access-token': accessToken };
    case 'woocommerce':
      return { authorization: basic(consumerKey, consumerSecret) };
    case 'bigcommerce':
      return { 'x-auth-token': accessToken };
    case 'stripe':
      return { authorization: `Bearer ${secretKey}` };
    case 'medusa':
      return { authorization: basic(apiKey, '') };
    default:
      return {};
  }
};

/** The API of a store with this access; undefined for a platform whose API is not asked. */
const apiFor = (
  platform: Platform,
  access: KeptAccess,
  { clock, fetch }: { readonly clock: Clock; readonly fetch?: Fetch | undefined },
): PlatformApi | undefined => {
  const http = new StoreApiHttp({
    url: access.url,
    headers: headersOf(platform, access),
    ...(fetch !== undefined && { fetch }),
  });
  const { read, orderOf } = platforms[platform];
  const now = () => clock.now();
  switch (platform) {
    case 'shopify':
      return shopifyApi(http, read, now);
    case 'woocommerce':
      return wooCommerceApi(http, read, now);
    case 'bigcommerce':
      return orderOf && bigCommerceApi(http, access.storeHash ?? '', orderOf);
    case 'stripe':
      return stripeApi(http, read, now);
    case 'medusa':
      return medusaApi(http, read, now);
    default:
      return undefined;
  }
};

/** The APIs of stores, opened with the access that each was given. */
export class PlatformApis {
  readonly #secrets: Pick<StoreSecrets, 'findAccess'>;
  readonly #clock: Clock;
  readonly #fetch: Fetch | undefined;

  constructor(options: {
    readonly secrets: Pick<StoreSecrets, 'findAccess'>;
    readonly clock: Clock;
    readonly fetch?: Fetch;
  }) {
    this.#secrets = options.secrets;
    this.#clock = options.clock;
    this.#fetch = options.fetch;
  }

  /** Undefined for a store that was given no access, or whose platform's API is not asked. */
  async of({ id, platform }: Pick<StoreRecord, 'id' | 'platform'>): Promise<PlatformApi | undefined> {
    const access = await this.#secrets.findAccess(id);
    return access && apiFor(platform, access, { clock: this.#clock, fetch: this.#fetch });
  }
}
