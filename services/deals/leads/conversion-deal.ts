import type * as z from 'zod';
import type { Actor } from '../../../shared/auth/actor.ts';
import type { TransactItem } from '../../../shared/dynamodb/transact-item.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';
import {
  type AccountId,
  type ContactId,
  DealId,
  derivedId,
  type MemberId,
  type PipelineId,
} from '../../../shared/ids/id.ts';
import type { Money } from '../../../shared/money/money.ts';
import type { Account } from '../domain/account.ts';
import { newDeal } from '../domain/deal.ts';
import type { DealDetails } from '../domain/deal-edits.ts';
import type { Lead } from '../domain/leads/lead.ts';
import { assertTakesDeals, firstStage, namedStage } from '../domain/pipeline.ts';
import { assertMaySetSource } from '../domain/reserved-source.ts';
import type { SellingDeps } from '../selling-deps.ts';

type DealWanted = Omit<z.infer<typeof DealDetails>, 'accountId' | 'contactIds'> & {
  readonly name?: string | undefined;
  readonly pipelineId?: PipelineId | undefined;
  readonly stage?: string | undefined;
  readonly amount?: Money | undefined;
};

/** What a lead is to become. */
export interface ConversionBody {
  readonly accountId?: AccountId | undefined;
  readonly accountName?: string | undefined;
  readonly contactId?: ContactId | undefined;
  readonly deal?: DealWanted | undefined;
}

/** Whose account and deal it will be: the lead's owner's, else whoever converts it. @throws Unprocessable for a system with a lead that is nobody's */
export const conversionOwner = ({ ownerId }: Lead, actor: Actor): MemberId => {
  if (ownerId !== undefined) return ownerId;
  if (actor.kind === 'member') return actor.id;
  throw new Unprocessable('The lead is nobody’s, and so would be what is made of it. Assign it first.');
};

/** The deal that is made of a lead. @throws Unprocessable where the rules for stage, start or source are broken */
export const conversionDeal = async (
  lead: Lead,
  { name, pipelineId, stage, amount, ...details }: DealWanted,
  {
    actor,
    ownerId,
    account,
    contactId,
    deps: { deals, directory, pipelines, references, clock },
  }: {
    readonly actor: Actor;
    readonly ownerId: MemberId;
    readonly account: Account;
    readonly contactId: ContactId | undefined;
    readonly deps: SellingDeps;
  },
): Promise<{ readonly id: DealId; readonly writes: readonly TransactItem[] }> => {
  const pipeline = await pipelines.named(pipelineId);
  assertTakesDeals(pipeline);
  assertMaySetSource(actor, details.source);
  await references.check({ territoryId: details.territoryId });
  const worth = amount ?? { amount: 0, currency: (await directory.organization()).reportingCurrency };
  const source = details.source ?? lead.source;
  const id = derivedId(DealId, 'deal', 'lead', lead.id);
  const fresh = {
    ...details,
    id,
    name: name ?? account.name,
    ownerId,
    accountId: account.id,
    ...(contactId !== undefined && { contactIds: [contactId] }),
    ...(source !== undefined && { source }),
    pipelineId: pipeline.id,
    stage: stage === undefined ? firstStage(pipeline) : namedStage(pipeline, stage),
    amount: worth,
  };
  const deal = newDeal(fresh, clock.now(), pipeline);
  return { id, writes: await deals.writesToCreate(deal, account) };
};
