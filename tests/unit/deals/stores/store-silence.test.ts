import { expect, test } from 'vitest';
import { silenceOf } from '../../../../services/deals/domain/commerce/store-silence.ts';
import { StoreId } from '../../../../shared/ids/id.ts';
import { Instant } from '../../../../shared/time/instant.ts';

const at = (text: string) => Instant.parse(text);
const id = StoreId.parse('store_01KB0000000000000000000000');

test('a store that was never heard of is being connected, not silent', () => {
  expect(silenceOf({ id }, at('2026-11-25T00:00:00Z'))).toBeUndefined();
});

test('a store is silent once it has sent nothing for longer than two days, unless told otherwise', () => {
  const lastEventAt = at('2026-11-23T08:00:00Z');
  expect(silenceOf({ id, lastEventAt }, at('2026-11-25T08:00:00Z'))?.silent).toBe(false);
  expect(silenceOf({ id, lastEventAt }, at('2026-11-25T08:00:01Z'))?.silent).toBe(true);
  expect(silenceOf({ id, lastEventAt, silenceHours: 6 }, at('2026-11-23T14:00:01Z'))?.silent).toBe(true);
});
