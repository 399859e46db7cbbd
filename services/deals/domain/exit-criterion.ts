import * as z from 'zod';

/** Fields of a deal that leaving a stage may ask for. */
export const ExitField = z.enum([
  'amount',
  'lineItems',
  'accountId',
  'contactIds',
  'territoryId',
  'source',
  'startedAt',
  'expectedCloseOn',
  'nextStep',
  'nextStepOn',
]);

export const ExitActivity = z.enum(['call', 'meeting', 'demo', 'email']);

/** What has to be there before a deal leaves a stage forward. A `note` is shown, and left to people to judge. */
export const ExitCriterion = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('field'), field: ExitField }),
  z.strictObject({ kind: z.literal('activity'), activity: ExitActivity }),
  z.strictObject({ kind: z.literal('note'), text: z.string().trim().min(1, 'must not be empty').max(500) }),
]);
export type ExitCriterion = z.infer<typeof ExitCriterion>;
