import * as z from 'zod';

const About = z.object({
  movers: z.array(z.object({ id: z.string() })).optional(),
  alertId: z.string().optional(),
});

/**
 * Ids of what an event concerns beside its subject: the deals and orders that moved a bucket or a goal, and the alert. A
 * chain that was merged into another is found by them. Undefined for most events.
 */
export const aboutOf = (data: unknown): string[] | undefined => {
  const { movers = [], alertId } = About.safeParse(data).data ?? {};
  const ids = [...(alertId === undefined ? [] : [alertId]), ...movers.map(({ id }) => id)];
  return ids.length === 0 ? undefined : ids;
};
