import { DealId } from '../../../../shared/ids/id.ts';
import type { OrderCustomer, OrderSnapshot } from './order-message.ts';

/** The names under which a platform's notes or metadata say which deal and account an order belongs to. */
export const DEAL_NOTE = 'quotaline_deal';
export const ACCOUNT_NOTE = 'quotaline_account';

/** A deal is named by our id, or by the one that it has elsewhere. */
export const references = (
  deal: string | undefined,
  account: string | undefined,
): Pick<OrderSnapshot, 'dealRef' | 'accountRef'> => {
  const id = DealId.safeParse(deal);
  return {
    ...(deal !== undefined && { dealRef: id.success ? { id: id.data } : { externalId: deal } }),
    ...(account !== undefined && { accountRef: account }),
  };
};

/** From a platform's list of named notes; the last of a name counts. */
export const referencesIn = (
  notes: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[],
): ReturnType<typeof references> => {
  const noted = (name: string) => notes.findLast((note) => note.name === name)?.value;
  return references(noted(DEAL_NOTE), noted(ACCOUNT_NOTE));
};

type Told = { readonly [K in keyof OrderCustomer]: string | undefined };

/** Who ordered, by whatever of it was told; a guest has no id. */
export const customerOf = (told: Told): Pick<OrderSnapshot, 'customer' | 'customerExternalId'> => {
  const known = Object.entries({ ...told, email: told.email?.toLowerCase() }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return {
    ...(known.length > 0 && { customer: Object.fromEntries(known) }),
    ...(told.externalId !== undefined && { customerExternalId: told.externalId }),
  };
};

export const fullName = (...parts: readonly (string | undefined)[]): string | undefined => {
  const name = parts.filter((part) => part !== undefined && part !== '').join(' ');
  return name === '' ? undefined : name;
};
