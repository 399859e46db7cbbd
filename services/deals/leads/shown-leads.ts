import type { Table } from '../../../shared/dynamodb/table.ts';
import type { AccountId } from '../../../shared/ids/id.ts';
import { survivorsOf } from '../accounts/survivors.ts';
import type { Lead } from '../domain/leads/lead.ts';

const accountsOf = ({ conversion, duplicateOf }: Lead): AccountId[] => [
  ...(conversion === undefined ? [] : [conversion.accountId]),
  ...(duplicateOf?.kind === 'account' ? [duplicateOf.id] : []),
];

const withSurvivors = <L extends Lead>(lead: L, survivors: ReadonlyMap<AccountId, AccountId>): L => {
  const { conversion, duplicateOf } = lead;
  if (!accountsOf(lead).some((id) => survivors.has(id))) return lead;
  return {
    ...lead,
    ...(conversion && {
      conversion: { ...conversion, accountId: survivors.get(conversion.accountId) ?? conversion.accountId },
    }),
    ...(duplicateOf?.kind === 'account' && {
      duplicateOf: { ...duplicateOf, id: survivors.get(duplicateOf.id) ?? duplicateOf.id },
    }),
  };
};

/** As they are shown: where they name an account that was merged, the one that it became part of. */
export const shownLeads = async <L extends Lead>(leads: readonly L[], table: Table): Promise<L[]> => {
  const survivors = await survivorsOf(table, leads.flatMap(accountsOf));
  return leads.map((lead) => withSurvivors(lead, survivors));
};

export const shownLead = async <L extends Lead>(lead: L, table: Table): Promise<L> => {
  const survivors = await survivorsOf(table, accountsOf(lead));
  return withSurvivors(lead, survivors);
};
