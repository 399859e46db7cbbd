import type { Actor } from '../../shared/auth/actor.ts';
import type { Directory } from '../../shared/directory/directory.ts';
import { Repository } from '../../shared/dynamodb/repository.ts';
import type { Table } from '../../shared/dynamodb/table.ts';
import type { Cause } from '../../shared/events/cause.ts';
import { DealsJobAdvanced } from '../../shared/events/deals.ts';
import type { DealId } from '../../shared/ids/id.ts';
import { Jobs } from '../../shared/jobs/jobs.ts';
import type { Clock } from '../../shared/time/instant.ts';
import { Accounts } from './accounts/accounts.ts';
import { Duplicates } from './accounts/duplicates.ts';
import { Healths } from './accounts/health.ts';
import { AccountMerges } from './accounts/merge/merges.ts';
import { AccountIdentities } from './accounts/identities.ts';
import { Activities } from './activities/activities.ts';
import { activityKindsOf } from './activities/latest.ts';
import type { ActivityKinds } from './domain/leaving-stage.ts';
import type { Feedback, FeedbackInvitation } from './domain/feedback.ts';
import type { FxRates } from './domain/fx.ts';
import type { Deal } from './domain/deal.ts';
import type { Product } from './domain/product.ts';
import type { Traffic } from './domain/traffic.ts';
import { FeedbackIntake } from './feedback/take-in.ts';
import { Leads } from './leads/leads.ts';
import { References } from './references.ts';
import { Contacts } from './store/contacts.ts';
import { Deals } from './store/deals.ts';
import { dealEntity, fxRatesEntity, productEntity } from './store/entities.ts';
import { feedbackEntity, feedbackInvitationEntity } from './store/feedback.ts';
import { FxRateStore } from './store/fx-rate-store.ts';
import { Pipelines } from './store/pipelines.ts';
import { PeriodLocks } from './store/period-locks.ts';
import { trafficEntity } from './store/traffic.ts';
import { Visibility } from './viewer.ts';

/** What the routes of selling need, made for one request. */
export interface SellingDeps {
  readonly table: Table;
  readonly deals: Deals;
  readonly accounts: Accounts;
  readonly identities: AccountIdentities;
  readonly contacts: Contacts;
  readonly activities: Activities;
  readonly duplicates: Duplicates;
  readonly merges: AccountMerges;
  readonly healths: Healths;
  readonly traffic: Repository<Traffic>;
  readonly feedback: Repository<Feedback>;
  readonly feedbackInvitations: Repository<FeedbackInvitation>;
  readonly feedbackIntake: FeedbackIntake;
  readonly leads: Leads;
  readonly products: Repository<Product>;
  readonly fxRates: Repository<FxRates>;
  readonly periodLocks: PeriodLocks;
  readonly directory: Directory;
  readonly references: References;
  readonly visibility: Visibility;
  readonly jobs: Jobs;
  readonly pipelines: Pipelines;
  /** Which kinds of activities were done on a deal. */
  readonly activityKinds: (id: DealId) => Promise<ActivityKinds>;
  readonly clock: Clock;
}

export const sellingDeps = ({
  table,
  directory,
  cause,
  actor,
  clock,
}: {
  readonly table: Table;
  readonly directory: Directory;
  readonly cause: Cause;
  readonly actor: Actor;
  readonly clock: Clock;
}): SellingDeps => {
  const accounts = new Accounts(table, cause);
  const identities = new AccountIdentities(table);
  const products = new Repository(table, productEntity, cause);
  const contacts = new Contacts(table, cause);
  const known = { contacts, accounts, identities };
  const rates = new FxRateStore(table);
  const visibility = new Visibility({ actor, directory, clock });
  const sources = {
    organization: async () => directory.organization(),
    directory,
    account: async (id: string) => accounts.find(id),
    rate: async (question: Parameters<FxRateStore['rate']>[0]) => rates.rate(question),
  };
  const stored = new Repository<Deal>(table, dealEntity, cause);
  const activities = new Activities({
    table,
    cause,
    directory,
    visibility,
    clock,
    sources: { ...sources, deal: async (id) => stored.find(id), now: () => clock.now() },
  });
  return {
    table,
    deals: new Deals({ table, cause, sources, visibility, clock }),
    accounts,
    contacts,
    activities,
    traffic: new Repository(table, trafficEntity, cause),
    feedback: new Repository(table, feedbackEntity, cause),
    feedbackInvitations: new Repository(table, feedbackInvitationEntity, cause),
    feedbackIntake: new FeedbackIntake({
      table,
      cause,
      subjects: activities.subjects,
      directory,
      organization: sources.organization,
      clock,
    }),
    identities,
    duplicates: new Duplicates(accounts, identities),
    merges: new AccountMerges({ table, accounts, cause, clock }),
    healths: new Healths({ table, directory, clock }),
    leads: new Leads({ table, cause, directory, known, clock }),
    products,
    fxRates: new Repository(table, fxRatesEntity, cause),
    periodLocks: new PeriodLocks(table, cause),
    directory,
    references: new References({ directory, accounts, products, contacts: contacts.repository }),
    visibility,
    jobs: new Jobs(table, DealsJobAdvanced, cause),
    pipelines: new Pipelines(table, cause),
    activityKinds: async (id) => activityKindsOf(table, id),
    clock,
  };
};
