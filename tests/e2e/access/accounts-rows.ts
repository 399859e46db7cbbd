import { everyone, one, type Row } from './row.ts';

/** As accounts: seen by everyone, changed by whoever may change the account. */
const ofAccounts = '+xx ++x xx+ +++';

const ofAccount = (view: string) =>
  one(`/v1/accounts/{id}${view}`, ({ accounts }, target) => accounts[target]);
const ofMerge = (step = '') =>
  one(`/v1/account-merges/{id}${step}`, ({ accountMerges }, target) => accountMerges[target]);

export const accountsRows: Readonly<Record<string, Row>> = {
  'GET /v1/accounts/{id}/duplicates': { rights: everyone, path: ofAccount('/duplicates') },
  'GET /v1/accounts/{id}/health': { rights: ofAccounts, path: ofAccount('/health') },
  'GET /v1/account-duplicates': { rights: everyone },
  'POST /v1/account-merges': {
    rights: ofAccounts,
    // Into itself, so that the accounts stay for the other rows: whoever is let in is told that it can’t be.
    body: ({ accounts }, target) => ({ accountId: accounts[target], duplicateId: accounts[target] }),
    letIn: [422],
  },
  'GET /v1/account-merges/{id}': { rights: everyone, path: ofMerge() },
  // Undone once, it can’t be undone again.
  'POST /v1/account-merges/{id}/undo': { rights: ofAccounts, path: ofMerge('/undo'), letIn: [409] },
};
