import * as z from 'zod';
import { type InputError, Unprocessable } from '../../../shared/errors/errors.ts';
import type { Platform } from '../domain/commerce/platform.ts';

const Secret = z.string().trim().min(1, 'must not be empty').max(512);

/** How the API of a store's platform lets us in, as its admin gives it. Only what its platform needs. */
export const StoreAccess = z.strictObject({
  url: z.string().max(500).optional(),
  storeHash: Secret.optional(),
  accessToken: Secret.optional(),
  consumerKey: Secret.optional(),
  consumerSecret: Secret.optional(),
  secretKey: Secret.optional(),
  apiKey: Secret.optional(),
});
export type StoreAccess = z.infer<typeof StoreAccess>;
type Credential = Exclude<keyof StoreAccess, 'url'>;

interface Needs {
  /** Where the platform has one address for all shops; else the shop's own is needed. */
  readonly url?: string;
  readonly credentials: readonly Credential[];
}

/** What each platform's API asks for; a platform that is not here has none that is asked. */
const needs: Readonly<Partial<Record<Platform, Needs>>> = {
  shopify: { credentials: ['accessToken'] },
  woocommerce: { credentials: ['consumerKey', 'consumerSecret'] },
  bigcommerce: { url: 'https://api.bigcommerce.com', credentials: ['storeHash', 'accessToken'] },
  stripe: { url: 'https://api.stripe.com', credentials: ['secretKey'] },
  medusa: { credentials: ['apiKey'] },
};

/**
 * The access with its address filled in and without a slash at the end. `plainHttp` lets addresses be http, for shops on the
 * own machine: anywhere else credentials would travel readable.
 * @throws Unprocessable naming everything that the platform's API lacks, or has no use for
 */
export const checkedAccess = (
  platform: Platform,
  access: StoreAccess,
  { plainHttp = false }: { readonly plainHttp?: boolean } = {},
): StoreAccess & { readonly url: string } => {
  const needed = needs[platform];
  if (needed === undefined)
    throw new Unprocessable(`Orders are not fetched from ${platform} stores; their webhooks bring them.`, [
      { path: '/api', message: `must be left out for ${platform}` },
    ]);
  const url = access.url ?? needed.url;
  const given = Object.keys(access).filter((name): name is Credential => name !== 'url');
  const errors: InputError[] = [
    ...urlErrors(url, plainHttp),
    ...needed.credentials
      .filter((name) => access[name] === undefined)
      .map((name) => ({ path: `/api/${name}`, message: `is required for ${platform}` })),
    ...given
      .filter((name) => !needed.credentials.includes(name))
      .map((name) => ({ path: `/api/${name}`, message: `must be left out for ${platform}` })),
  ];
  if (errors.length > 0 || url === undefined)
    throw new Unprocessable('The store’s API can’t be asked with this.', errors);
  return { ...access, url: url.replace(/\/+$/, '') };
};

const urlErrors = (url: string | undefined, plainHttp: boolean): InputError[] => {
  const path = '/api/url';
  if (url === undefined)
    return [{ path, message: 'is required: the address of the shop, as in https://shop.example' }];
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const protocols = plainHttp ? ['https:', 'http:'] : ['https:'];
  if (parsed === undefined || !protocols.includes(parsed.protocol))
    return [{ path, message: 'must be an address starting with https://' }];
  if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '')
    return [{ path, message: 'must be an address alone, without a user, a query or a fragment' }];
  return [];
};
