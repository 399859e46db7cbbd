import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { leastLoaded } from '../../../../services/deals/domain/leads/routing.ts';
import { capacityOn } from '../../../../shared/directory/capacity.ts';
import { derivedId, MemberId } from '../../../../shared/ids/id.ts';
import { day } from '../deals.fixture.ts';

const team = fc
  .array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 8 })
  .map((capacities) =>
    capacities.map((capacity, n) => ({ memberId: derivedId(MemberId, String(n)), capacity, openLeads: 0 })),
  );

/** Routes so many leads one after the other. */
const routedLeads = (
  members: readonly { memberId: MemberId; capacity: number; openLeads: number }[],
  n: number,
) => {
  const loads = members.map((member) => ({ ...member }));
  for (let lead = 0; lead < n; lead += 1) {
    const chosen = leastLoaded(loads);
    const found = loads.find(({ memberId }) => memberId === chosen?.memberId);
    if (found !== undefined) found.openLeads += 1;
  }
  return loads;
};

describe('routing', () => {
  test.prop([team, fc.integer({ min: 0, max: 200 })])(
    'keeps the loads level: nobody has a lead more, in proportion, than anyone else would have with one more',
    (members, n) => {
      const working = routedLeads(members, n).filter(({ capacity }) => capacity > 0);
      for (const a of working)
        for (const b of working)
          expect((a.openLeads - 1) * b.capacity).toBeLessThanOrEqual(b.openLeads * a.capacity);
    },
  );

  test.prop([team, fc.integer({ min: 0, max: 200 })])(
    'gives every lead to somebody while anyone has capacity, and none to who has none',
    (members, n) => {
      const loads = routedLeads(members, n);
      const isAnyone = members.some(({ capacity }) => capacity > 0);
      expect(loads.reduce((sum, { openLeads }) => sum + openLeads, 0)).toBe(isAnyone ? n : 0);
      for (const { capacity, openLeads } of loads) if (capacity === 0) expect(openLeads).toBe(0);
    },
  );

  test.prop([team, fc.integer({ min: 0, max: 50 })])('does not go by the order of the list', (members, n) => {
    const loads = routedLeads(members, n);
    expect(leastLoaded(loads.toReversed())).toEqual(leastLoaded(loads));
  });

  it('expects nothing of who is away, has left or has not begun', () => {
    const member = { rampMonths: 0, startedOn: day('2026-01-01') };
    const on = day('2026-11-23');
    expect(capacityOn({ ...member, capacity: 0.5 }, on)).toBe(0.5);
    expect(capacityOn({ ...member, absences: [{ from: on, until: on }] }, on)).toBe(0);
    expect(capacityOn({ ...member, departedOn: day('2026-11-22') }, on)).toBe(0);
    expect(capacityOn({ ...member, startedOn: day('2026-11-24') }, on)).toBe(0);
  });
});
