import { describe, expect, it } from 'vitest';
import { CallRefused } from '../../../infra/canary/public-api.ts';
import { NotArrived, takeTurn } from '../../../infra/canary/turn.ts';
import { salesFake, type SalesFake } from './sales-fake.ts';

/** A turn whose pauses take no time but on its own clock; 30 seconds long. */
const turn = async (
  fake: SalesFake,
  { random = 0.25, onPause }: { readonly random?: number; readonly onPause?: () => void } = {},
) => {
  let ticks = 0;
  return takeTurn({
    api: fake.api,
    ticks: () => ticks,
    pause: async (milliseconds) => {
      ticks += milliseconds;
      onPause?.();
      return Promise.resolve();
    },
    random: () => random,
    endsAt: 30_000,
  });
};
const states = ({ deals }: SalesFake) => deals.map(({ status }) => status);

describe('a turn of the canary', () => {
  it('makes what it needs once, and leaves the deal open', async () => {
    const fake = salesFake();
    for (const random of [0.1, 0.2])
      expect(await turn(fake, { random })).toMatchObject({ outcome: 'succeeded' });
    expect([fake.teams.length, fake.members.length, states(fake)]).toEqual([1, 1, ['open']]);
    expect(fake.deals).toMatchObject([{ source: 'canary', externalId: 'canary-USD' }]);
  });

  it('measures from the win until the metric shows it', async () => {
    const fake = salesFake();
    fake.counts = false;
    let pauses = 0;
    const onPause = () => void (fake.counts = (pauses += 1) === 4);
    expect(await turn(fake, { onPause })).toMatchObject({ outcome: 'succeeded', lagMs: 2000 });
  });

  it('takes back first what a killed turn has left won', async () => {
    const fake = salesFake();
    await turn(fake);
    Object.assign(fake.deals[0] ?? {}, { status: 'won', amount: { amount: 7, currency: 'USD' } });
    expect(await turn(fake)).toMatchObject({ outcome: 'succeeded' });
    expect(states(fake)).toEqual(['open']);
  });

  it('gives way to a turn that has taken the deal over, and touches it no more', async () => {
    const fake = salesFake();
    fake.counts = false;
    const onPause = () => {
      for (const deal of fake.deals) deal.version += 2;
    };
    expect(await turn(fake, { onPause })).toMatchObject({ outcome: 'overtaken' });
    expect(states(fake)).toEqual(['won']);
  });

  it('gives way to a turn that wins the deal at the same moment', async () => {
    const fake = salesFake();
    await turn(fake);
    fake.before = (call) => {
      if (!call.endsWith('/win')) return;
      for (const deal of fake.deals) deal.version += 1;
    };
    expect(await turn(fake)).toMatchObject({ outcome: 'overtaken' });
  });

  it('says what was won and what is shown when time is over, and takes the win back', async () => {
    const fake = salesFake();
    fake.counts = false;
    const failed = turn(fake);
    await expect(failed).rejects.toBeInstanceOf(NotArrived);
    await expect(failed).rejects.toThrow(
      /^Deal deal_\w+ was won for 250000001, and after 30 s source:canary shows 0\.$/,
    );
    expect(states(fake)).toEqual(['open']);
  });

  it('tells both failures when the win can’t be taken back either', async () => {
    const fake = salesFake();
    fake.counts = false;
    fake.before = (call) => {
      if (call.endsWith('/reopen')) throw new CallRefused({ method: 'POST', path: call }, 503, 'Not now.');
    };
    await expect(turn(fake)).rejects.toMatchObject({
      error: expect.any(CallRefused) as CallRefused,
      suppressed: expect.any(NotArrived) as NotArrived,
    });
  });

  it('sells another deal when somebody has deleted its own', async () => {
    const fake = salesFake();
    await turn(fake);
    Object.assign(fake.deals[0] ?? {}, { deleted: true });
    expect(await turn(fake)).toMatchObject({ outcome: 'succeeded' });
    expect(fake.deals.map(({ externalId }) => externalId)).toEqual(['canary-USD', 'canary-USD-250000001']);
  });

  it('hires a successor when its member has departed', async () => {
    const fake = salesFake();
    await turn(fake);
    Object.assign(fake.members[0] ?? {}, { status: 'departed' });
    expect(await turn(fake)).toMatchObject({ outcome: 'succeeded' });
    expect(fake.members.map(({ status }) => status)).toEqual(['departed', 'active']);
  });

  it('sells in the reporting currency after a change of it, and takes back what was won in the former one', async () => {
    const fake = salesFake();
    await turn(fake);
    Object.assign(fake.deals[0] ?? {}, { status: 'won' });
    fake.currency = 'EUR';
    expect(await turn(fake)).toMatchObject({ outcome: 'succeeded' });
    expect(fake.deals.map(({ amount, status }) => [amount.currency, status])).toEqual([
      ['USD', 'open'],
      ['EUR', 'open'],
    ]);
  });
});
