import * as z from 'zod';
import { mapConcurrently } from '../../../shared/concurrency/map-concurrently.ts';
import { TrafficRecorded } from '../../../shared/events/traffic.ts';
import { page, pageOf, pageQuery, positionOf } from '../../../shared/http/page.ts';
import { route } from '../../../shared/http/route.ts';
import { StoreId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { Traffic, TrafficDay, trafficFaults, trafficIdOf, trafficOf } from '../domain/traffic.ts';
import { keepTold } from '../store/keep-told.ts';
import { trafficOfStore } from '../store/traffic.ts';
import type { VoicesDeps } from './voices-deps.ts';
import { oneOrMany, soundOnes } from './one-or-many.ts';

const TrafficResource = Traffic.extend({ version: z.int() }).meta({ id: 'Traffic' });
const CONCURRENT = 16;

const recordTraffic = route({
  method: 'POST',
  path: '/v1/traffic',
  scope: 'sales/deals.write',
  adminsOnly: true,
  summary: 'Record the sessions of a store’s day, or of up to 400',
  description:
    'A day that is told again takes the place of what was told before; the same again changes nothing. Either all days can be recorded, or none is.',
  body: oneOrMany(TrafficDay),
  example: [
    { storeId: 'store_01JD0000000000000000000000', day: '2026-11-20', sessions: 1_204, visitors: 980 },
    { storeId: 'store_01JD0000000000000000000000', day: '2026-11-21', sessions: 1_377 },
  ],
  response: z.object({
    items: z.array(TrafficResource.extend({ outcome: z.enum(['created', 'replaced', 'unchanged']) })),
  }),
  async handle({ body }, { traffic, stores, visibility, clock }: VoicesDeps) {
    const today = await visibility.today();
    const told = Array.isArray(body) ? body : [body];
    const known = await stores.getMany(told.map(({ storeId }) => storeId));
    const days = soundOnes<TrafficDay>(body, {
      faults: (day) => [
        ...trafficFaults(day, today),
        ...(known.has(day.storeId)
          ? []
          : [{ path: '/storeId', message: `there is no store ${day.storeId}` }]),
      ],
      identity: trafficIdOf,
    });
    const now = clock.now();
    const kept = await mapConcurrently(days, CONCURRENT, async (day) =>
      keepTold(traffic, trafficIdOf(day), (before) => trafficOf(day, before, now), TrafficRecorded),
    );
    return { items: kept.map(({ stored, outcome }) => ({ ...stored, outcome })) };
  },
});

const listTraffic = route({
  method: 'GET',
  path: '/v1/traffic',
  scope: 'sales/deals.read',
  summary: 'List the days of a store’s traffic, the first ones first',
  query: pageQuery.extend({
    storeId: StoreId,
    from: Day.optional().describe('This day or later.'),
    to: Day.optional().describe('This day or earlier.'),
  }),
  response: page(TrafficResource),
  async handle({ query }, { traffic }: VoicesDeps) {
    const { storeId, from, to, limit } = query;
    const binding = { list: 'traffic', storeId, from, to };
    const { items, lastKey } = await traffic.queryIndex('gsi1', trafficOfStore(storeId), {
      skFrom: from,
      skTo: to,
      limit,
      cursor: positionOf(query, binding),
    });
    return pageOf(items, lastKey, binding);
  },
});

export const trafficRoutes = [recordTraffic, listTraffic] as const;
