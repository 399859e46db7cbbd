import * as z from 'zod';
import { CANARY_SOURCE } from '../../shared/canary/source.ts';
import { Instant } from '../../shared/time/instant.ts';
import { dayOf } from '../../shared/time/zone.ts';
import { CallRefused, type PublicApi } from './public-api.ts';
import { CanaryDeal, prepare } from './prepare.ts';

export interface TurnDeps {
  readonly api: PublicApi;
  /** Milliseconds from any moment on; they tell how long something took, whatever the clock says. */
  readonly ticks: () => number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** 0 to 1, 1 excluded. */
  readonly random: () => number;
  /** When waiting ends, in ticks. */
  readonly endsAt: number;
}

export type Turn =
  | { readonly outcome: 'succeeded'; readonly dealId: string; readonly lagMs: number }
  /** Another turn has taken the deal over; that one tells whether all is well. */
  | { readonly outcome: 'overtaken'; readonly dealId: string };

/** The deal's win did not arrive in the metrics in time. */
export class NotArrived extends Error {
  override readonly name = 'NotArrived';
}

const BETWEEN_LOOKS_MS = 500;
const MAX_AMOUNT = 1_000_000_000;

const Won = CanaryDeal.extend({ closedAt: Instant });
const Metrics = z.object({ kpis: z.object({ wonRevenue: z.object({ value: z.number().nullable() }) }) });

const step = (deal: Pick<CanaryDeal, 'id' | 'version'>, name: 'win' | 'reopen', body: object) =>
  ({
    method: 'POST',
    path: `/v1/deals/${deal.id}/${name}`,
    body,
    headers: { 'if-match': `"${String(deal.version)}"` },
  }) as const;

const reopened = async (api: PublicApi, deal: CanaryDeal): Promise<CanaryDeal> =>
  deal.status === 'open' ? deal : api(step(deal, 'reopen', { reason: 'canary' }), CanaryDeal);

const isOvertaken = (error: unknown): boolean => error instanceof CallRefused && error.status === 412;

/**
 * Wins a deal as any other system would, waits until its metric shows exactly that, and takes the win back. What a turn that
 * was killed has left is taken back first; of two turns at once the later one goes on.
 * @throws CallRefused, NotArrived
 */
export const takeTurn = async (deps: TurnDeps): Promise<Turn> => {
  const { api, ticks, random } = deps;
  // Never the same twice in a row, so that no turn takes another's win for its own.
  const amount = 1 + Math.floor(random() * MAX_AMOUNT);
  const { deal, others, timeZone } = await prepare(api, String(amount));
  try {
    for (const other of others) await reopened(api, other);
    const open = await reopened(api, deal);
    const money = { amount, currency: open.amount.currency };
    const won = await api(step(open, 'win', { amount: money }), Won);
    const since = ticks();
    await using _win = { [Symbol.asyncDispose]: async () => undone(api, won) };
    const day = dayOf(won.closedAt, timeZone);
    const query = `scope=source:${CANARY_SOURCE}&period=${day}..${day}&kpis=wonRevenue`;
    const isThere = await arrived({ ...deps, query, amount, won, since });
    const lagMs = ticks() - since;
    return isThere
      ? { outcome: 'succeeded', dealId: deal.id, lagMs }
      : { outcome: 'overtaken', dealId: deal.id };
  } catch (error) {
    if (isOvertaken(error)) return { outcome: 'overtaken', dealId: deal.id };
    throw error;
  }
};

/** Takes the win back, unless another turn did already. */
const undone = async (api: PublicApi, won: CanaryDeal): Promise<void> => {
  try {
    await reopened(api, won);
  } catch (error) {
    if (!isOvertaken(error)) throw error;
  }
};

/** Whether the amount shows; false as soon as the deal is no longer as this turn has left it. @throws NotArrived */
const arrived = async ({
  api,
  ticks,
  pause,
  endsAt,
  query,
  amount,
  won,
  since,
}: TurnDeps & {
  readonly query: string;
  readonly amount: number;
  readonly won: CanaryDeal;
  readonly since: number;
}): Promise<boolean> => {
  for (;;) {
    const { kpis } = await api({ method: 'GET', path: `/v1/metrics?${query}` }, Metrics);
    if (kpis.wonRevenue.value === amount) return true;
    const now = await api({ method: 'GET', path: `/v1/deals/${won.id}` }, CanaryDeal);
    if (now.version !== won.version) return false;
    if (ticks() >= endsAt)
      throw new NotArrived(
        `Deal ${won.id} was won for ${String(amount)}, and after ${String(Math.round((ticks() - since) / 1000))} s source:${CANARY_SOURCE} shows ${String(kpis.wonRevenue.value)}.`,
      );
    await pause(BETWEEN_LOOKS_MS);
  }
};
