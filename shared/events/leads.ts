import * as z from 'zod';
import { AccountId, ContactId } from '../ids/id.ts';
import { event } from './contract.ts';

const leadsEvent = <Data extends z.ZodType>(name: string, description: string, data: Data) =>
  event({ service: 'deals', name, major: 1, description, data });

/** The part that a contact has in buying. */
export const BuyingRole = z.enum(['decisionMaker', 'influencer', 'user', 'other']);

/** Who it is stays in deals: events carry no names and addresses. */
export const ContactState = z.object({
  id: ContactId,
  accountId: AccountId.optional(),
  role: BuyingRole.optional(),
  deleted: z.boolean(),
});
export type ContactState = z.infer<typeof ContactState>;

export const ContactChanged = leadsEvent(
  'ContactChanged',
  'A contact was made, changed or erased.',
  ContactState,
);
