import * as z from 'zod';
import type { Repository } from '../../../shared/dynamodb/repository.ts';
import { Conflict, Unprocessable } from '../../../shared/errors/errors.ts';
import { StoreChanged } from '../../../shared/events/deals.ts';
import { createOnce, idOfNew } from '../../../shared/http/idempotency.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { MemberId, StoreId, TerritoryId } from '../../../shared/ids/id.ts';
import { Currency } from '../../../shared/money/money.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Directory } from '../../../shared/directory/directory.ts';
import { StoreRecord, STORES } from '../commerce/entities.ts';
import { storeOfSource } from '../commerce/partner-events.ts';
import { checkedAccess, StoreAccess } from '../commerce/store-access.ts';
import type { StoreSecrets } from '../commerce/store-secrets.ts';
import { Platform } from '../domain/commerce/platform.ts';
import { platforms } from '../domain/commerce/platforms.ts';

export interface StoreDeps {
  readonly stores: Repository<StoreRecord>;
  readonly secrets: StoreSecrets;
  readonly directory: Directory;
  readonly clock: Clock;
  /** Whether APIs of stores may be asked over plain http; see `checkedAccess`. */
  readonly plainHttp: boolean;
}

const Secrets = z
  .array(z.string().min(1, 'must not be empty').max(512))
  .min(1, 'must hold the secret that the platform signs with')
  .max(2, 'may hold two secrets: the new one and the one it replaces');

const SilenceHours = z
  .int()
  .min(1)
  .max(720, 'must be 720 (30 days) at most')
  .describe('Of silence until an alarm; 48 unless given.');
const EventSource = z
  .string()
  .regex(
    /^aws\.partner\/shopify\.com\/[\w./-]{1,200}$/,
    'must be the name of a partner event source, as in aws.partner/shopify.com/12345/quotaline',
  )
  .describe(
    'The partner event source whose events are the store’s own, where Shopify sends them to EventBridge.',
  );
const Api = StoreAccess.describe(
  'Write only: how the platform’s API lets us in, to fetch what its webhooks don’t bring. shopify: url, accessToken; woocommerce: url, consumerKey, consumerSecret; bigcommerce: storeHash, accessToken; stripe: secretKey; medusa: url, apiKey.',
);

const Store = StoreRecord.extend({
  version: z.int(),
  webhookPath: z.string().describe('Where the platform is to send its webhooks, below the API’s address.'),
});

const secretsSet = { contract: StoreChanged, change: { secretsChanged: true } };

const shown = <T extends StoreRecord>(store: T) => ({ ...store, webhookPath: `/v1/webhooks/${store.id}` });

const Changes = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  ownerId: MemberId.optional(),
  territoryId: TerritoryId.optional(),
  secrets: Secrets.optional(),
  silenceHours: SilenceHours.optional(),
  eventSource: EventSource.optional(),
  api: Api.optional(),
});

const assertKnown = async (
  { ownerId, territoryId }: { ownerId?: MemberId | undefined; territoryId?: TerritoryId | undefined },
  directory: Directory,
) => {
  const [owner, territory] = await Promise.all([
    ownerId && directory.member(ownerId),
    territoryId && directory.territory(territoryId),
  ]);
  const errors = [
    ...(ownerId !== undefined && owner === undefined
      ? [{ path: '/ownerId', message: `there is no member ${ownerId}` }]
      : []),
    ...(territoryId !== undefined && territory === undefined
      ? [{ path: '/territoryId', message: `there is no territory ${territoryId}` }]
      : []),
  ];
  if (errors.length > 0)
    throw new Unprocessable('The request refers to something that does not exist.', errors);
};

/** @throws Unprocessable for another platform than Shopify; Conflict where the events are another store's already */
const assertEventSource = async (
  {
    id,
    platform,
    eventSource,
  }: {
    readonly id?: StoreId;
    readonly platform: Platform;
    readonly eventSource?: string | undefined;
  },
  stores: Repository<StoreRecord>,
) => {
  if (eventSource === undefined) return;
  if (platform !== 'shopify')
    throw new Unprocessable('Only Shopify sends its events to EventBridge.', [
      { path: '/eventSource', message: `must be left out for ${platform}` },
    ]);
  const other = await storeOfSource(stores, eventSource);
  if (other !== undefined && other.id !== id)
    throw new Conflict(`The events of ${eventSource} are those of store ${other.id} already.`);
};

/** Throws Unprocessable for secrets that the platform would not sign with: its webhooks would be refused one by one. */
const assertSecrets = (platform: Platform, secrets: readonly string[]) => {
  const errors = secrets.flatMap((secret, index) => {
    const problem = platforms[platform].secretProblem(secret);
    return problem === undefined ? [] : [{ path: `/secrets/${String(index)}`, message: problem }];
  });
  if (errors.length > 0) throw new Unprocessable(`${platform} signs with a secret of another form.`, errors);
};

const connectStore = route({
  method: 'POST',
  path: '/v1/stores',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Connect an e-commerce store',
  status: 201,
  idempotent: true,
  body: z.strictObject({
    name: z.string().min(1).max(200),
    platform: Platform,
    currency: Currency,
    ownerId: MemberId.optional().describe('Whom the store’s orders count for.'),
    territoryId: TerritoryId.optional(),
    secrets: Secrets.describe('Write only. Two are valid at a time, for rotation.'),
    silenceHours: SilenceHours.optional(),
    eventSource: EventSource.optional(),
    api: Api.optional(),
  }),
  example: {
    name: 'PastaPro web shop',
    platform: 'woocommerce',
    currency: 'USD',
    secrets: ['the-secret-of-the-webhook'],
    api: { url: 'https://shop.pastapro.example', consumerKey: 'ck_…', consumerSecret: 'cs_…' },
  },
  response: Store,
  async handle(request, { stores, secrets, directory, clock, plainHttp }: StoreDeps) {
    const { secrets: values, api, ...body } = request.body;
    const access = api && checkedAccess(body.platform, api, { plainHttp });
    assertSecrets(body.platform, values);
    await assertKnown(body, directory);
    const id = idOfNew(StoreId, request, clock);
    await assertEventSource({ ...body, id }, stores);
    const record = { id, ...body, ...(access && { apiUrl: access.url }), createdAt: clock.now() };
    const store = await createOnce(stores, record, request, secretsSet);
    // After the store, and repeated with the request: a crash between the two leaves a store that answers 404 to webhooks.
    await secrets.create(id, { platform: body.platform, secrets: values });
    if (access !== undefined) await secrets.createAccess(id, access);
    return shown(store);
  },
});

const listStores = route({
  method: 'GET',
  path: '/v1/stores',
  scope: 'sales/deals.read',
  summary: 'List the stores',
  query: pageQuery,
  response: page(Store),
  async handle({ query }, { stores }: StoreDeps) {
    const binding = 'GET /v1/stores';
    const { items, lastKey } = await stores.queryIndex('gsi1', STORES, {
      limit: query.limit,
      cursor: positionOf(query, binding),
    });
    return pageOf(items.map(shown), lastKey, binding);
  },
});

const getStore = route({
  method: 'GET',
  path: '/v1/stores/{id}',
  scope: 'sales/deals.read',
  summary: 'Get a store',
  params: z.object({ id: StoreId }),
  response: Store,
  async handle({ params }, { stores }: StoreDeps) {
    return shown(await stores.get(params.id));
  },
});

const changeStore = route({
  method: 'PATCH',
  path: '/v1/stores/{id}',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Change a store, or rotate its secrets',
  params: z.object({ id: StoreId }),
  body: Changes,
  example: { silenceHours: 72 },
  response: Store,
  async handle({ params, body, ifMatch }, { stores, secrets, directory, plainHttp }: StoreDeps) {
    const { secrets: values, api, ...changes } = body;
    await assertKnown(changes, directory);
    const store = await stores.get(params.id, { ifMatch });
    if (values !== undefined) assertSecrets(store.platform, values);
    const access = api && checkedAccess(store.platform, api, { plainHttp });
    await assertEventSource({ ...changes, id: store.id, platform: store.platform }, stores);
    const given = Object.fromEntries(
      Object.entries({ ...changes, apiUrl: access?.url }).filter(([, value]) => value !== undefined),
    );
    const isSame = Object.keys(given).length === 0 && values === undefined;
    const news = values === undefined && access === undefined ? StoreChanged : secretsSet;
    const saved = isSame ? store : await stores.save({ ...store, ...given }, news);
    // After the store: what fails here is told as done, and is to be repeated; a change that nobody was told of is worse.
    if (values !== undefined) await secrets.replace(params.id, { platform: store.platform, secrets: values });
    if (access !== undefined) await secrets.replaceAccess(params.id, access);
    return shown(saved);
  },
});

export const storeRoutes = [connectStore, listStores, getStore, changeStore] as const;
