import { moveActivities } from './move-activities.ts';
import { moveContacts } from './move-contacts.ts';
import { moveCustomers } from './move-customers.ts';
import { moveDeals } from './move-deals.ts';
import { moveOrders } from './move-orders.ts';
import { moveFeedback } from './move-feedback.ts';
import type { MoverKind } from './mover.ts';

/** Every kind of record that belongs to accounts, in the order in which a merge moves them: first what numbers are counted by. */
export const movers: readonly MoverKind[] = [
  moveDeals,
  // Before their orders: one that comes meanwhile finds its account by its customer.
  moveCustomers,
  moveOrders,
  moveContacts,
  moveActivities,
  moveFeedback,
];
