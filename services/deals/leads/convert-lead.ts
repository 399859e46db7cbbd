import type { Stored } from '../../../shared/dynamodb/entity.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { InvalidTransition, PreconditionFailed, Unprocessable } from '../../../shared/errors/errors.ts';
import { LeadConverted } from '../../../shared/events/leads.ts';
import type { RouteRequest } from '../../../shared/http/route.ts';
import type { LeadId } from '../../../shared/ids/id.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { converted } from '../domain/leads/lead-steps.ts';
import type { SellingDeps } from '../selling-deps.ts';
import { conversionAccount } from './conversion-account.ts';
import { conversionContact } from './conversion-contact.ts';
import { conversionDeal, conversionOwner, type ConversionBody } from './conversion-deal.ts';
import { leadToChange } from './lead-access.ts';

const ATTEMPTS = 4;

type Request = RouteRequest<{ readonly id: LeadId }, unknown, ConversionBody>;

/**
 * Makes an account, a contact and perhaps a deal of a lead, all in one transaction with the lead's state: 12 writes at most.
 * Their ids follow from the lead's. The same request again is answered with what the first one made.
 * @throws InvalidTransition for a lead that is not open, or that another request converted; Unprocessable where it can't be
 * said which account is meant, or the deal is not one; Forbidden for a new contact on somebody else's account
 */
export const convertLead = async (request: Request, deps: SellingDeps): Promise<Stored<Lead>> => {
  const { params, ifMatch, requestHash } = request;
  for (let attempt = 1; ; attempt += 1) {
    const lead = await leadToChange(params.id, undefined, deps);
    const { conversion } = lead;
    if (conversion !== undefined) {
      if (conversion.requestHash === requestHash) return lead;
      throw new InvalidTransition(
        `The lead was converted on ${conversion.at}, by another request: ${conversion.dealId ?? conversion.accountId} was made of it.`,
      );
    }
    if (ifMatch !== undefined) await leadToChange(params.id, ifMatch, deps);
    try {
      return await convertOnce(lead, request, deps);
    } catch (error) {
      const isOvertaken = error instanceof ConditionFailed || error instanceof PreconditionFailed;
      if (!isOvertaken || attempt >= ATTEMPTS) throw error;
    }
  }
};

/** The body holds the deal as a part. */
const saidOfDeal = (error: unknown): never => {
  if (!(error instanceof Unprocessable)) throw error;
  throw new Unprocessable(
    error.detail,
    error.errors?.map(({ path, ...rest }) => ({ ...rest, path: `/deal${path}` })),
  );
};

const convertOnce = async (
  lead: Stored<Lead>,
  { body, requestHash, actor }: Request,
  deps: SellingDeps,
): Promise<Stored<Lead>> => {
  const now = deps.clock.now();
  const ownerId = conversionOwner(lead, actor);
  const account = await conversionAccount(lead, { ...body, ownerId }, deps);
  const contact = await conversionContact(lead, account.account, body.contactId, deps);
  if (account.isKnown && contact !== undefined && contact.writes.length > 0)
    await deps.visibility.assertMayChangeAccount(account.account);
  const deal =
    body.deal &&
    (await conversionDeal(lead, body.deal, {
      actor,
      ownerId,
      account: account.account,
      contactId: contact?.id,
      deps,
    }).catch(saidOfDeal));
  const conversion = {
    at: now,
    accountId: account.account.id,
    ...(contact && { contactId: contact.id }),
    ...(deal && { dealId: deal.id }),
    requestHash,
  };
  const done = converted({ ...lead, ownerId: lead.ownerId ?? ownerId }, conversion);
  const beside: readonly TransactItem[] = [
    ...account.writes,
    ...(contact?.writes ?? []),
    ...(deal?.writes ?? []),
  ];
  return deps.leads.save(done, { from: lead, event: LeadConverted, beside });
};
