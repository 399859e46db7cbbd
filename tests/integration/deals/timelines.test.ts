import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiAnswer, CallOptions } from '../../support/call-api.ts';
import { as, ids, NOW, type SellingService, startSellingService } from './selling-service.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const idOf = ({ body }: ApiAnswer): string => z.string().parse(body.id);
const Items = z.array(z.object({ kind: z.string(), at: z.string(), text: z.string(), refId: z.string() }));

let service: SellingService;
let account: string;
let deal: string;
let foreign: string;

const post = async (path: string, body: object): Promise<ApiAnswer> => {
  const answer = await service.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer;
};
const HOUR = 3_600_000;
const later = () => {
  service.clock.time += HOUR;
};

beforeAll(async () => {
  service = await startSellingService();
  account = idOf(await post('/v1/accounts', { name: 'Trattoria Rossi' }));
  later();
  const body = { name: 'Autumn menu', amount: usd(100_000), accountId: account };
  deal = idOf(await post('/v1/deals', { ...body, ownerId: ids.ada }));
  foreign = idOf(await post('/v1/deals', { ...body, name: 'Wine', ownerId: ids.carl }));
  later();
  await post('/v1/activities', { kind: 'call', dealId: deal, ownerId: ids.ada, subjectLine: 'First call' });
  await post('/v1/activities', { kind: 'call', dealId: foreign, ownerId: ids.carl, subjectLine: 'Of wine' });
  later();
  await post(`/v1/deals/${deal}/stage`, { stage: 'negotiation' });
  later();
  await post(`/v1/deals/${deal}/win`, {});
  later();
  await post(`/v1/deals/${deal}/adjustments`, { kind: 'refund', amount: usd(5_000), reason: 'Wet' });
  later();
  await post(`/v1/deals/${deal}/reopen`, { reason: 'Signed too early' });
  later();
  await post('/v1/activities', { kind: 'email', accountId: account, ownerId: ids.bob, subjectLine: 'Sorry' });
});
afterAll(async () => {
  await service.stop();
});

const whole = async (path: string, limit: number, options: CallOptions = {}) => {
  const found: z.infer<typeof Items> = [];
  let cursor = '';
  do {
    const { body } = await service.call('GET', `${path}?limit=${limit}${cursor}`, undefined, options);
    found.push(...Items.parse(body.items));
    const next = z.string().optional().parse(body.nextCursor);
    cursor = next === undefined ? '' : `&cursor=${next}`;
  } while (cursor !== '');
  return found;
};

describe('a timeline', () => {
  it('of a deal tells what was done for it and what became of it, the latest first', async () => {
    const entries = await whole(`/v1/deals/${deal}/timeline`, 50);
    expect(entries.map(({ kind }) => kind)).toEqual([
      'dealReopened',
      'adjustment',
      'dealWon',
      'stageChanged',
      'activity',
      'dealCreated',
    ]);
    expect(entries.at(1)?.text).toBe('Refund of -50.00 USD: Wet');
    expect(entries.at(4)).toMatchObject({ text: 'First call' });
    expect(entries.at(-1)).toMatchObject({ refId: deal, at: new Date(Date.parse(NOW) + HOUR).toISOString() });
  });

  it('of an account has its deals’ in it, but of those that the reader may not see', async () => {
    const path = `/v1/accounts/${account}/timeline`;
    const seen = async (options: CallOptions) =>
      (await whole(path, 50, options)).map(({ kind, text }) => (kind === 'activity' ? text : kind));
    const ofBoth = await seen({});
    expect(ofBoth.slice(0, 2)).toEqual(['Sorry', 'dealReopened']);
    expect(ofBoth.filter((kind) => kind === 'dealCreated')).toHaveLength(2);
    expect(ofBoth.at(-1)).toBe('accountCreated');
    expect(await seen(as(ids.carl, 'rep'))).toEqual(['Sorry', 'Of wine', 'dealCreated', 'accountCreated']);
    expect(await seen(as(ids.giulia, 'manager'))).toEqual(ofBoth);
  });

  it.each([1, 2, 3])('is the same read %i at a time', async (limit) => {
    for (const path of [`/v1/accounts/${account}/timeline`, `/v1/deals/${deal}/timeline`]) {
      const all = await whole(path, 200);
      expect(await whole(path, limit)).toEqual(all);
      expect(all.map(({ at }) => at)).toEqual(
        all
          .map(({ at }) => at)
          .toSorted()
          .toReversed(),
      );
    }
  });

  it('of a deal is for those who see the deal', async () => {
    const answer = await service.call('GET', `/v1/deals/${foreign}/timeline`, undefined, as(ids.ada, 'rep'));
    expect(answer.status).toBe(404);
  });
});
