/** What a token may be good for, with the words shown to whoever grants it. */
export const scopes = {
  'sales/team.read': 'Read the organization, its members, teams and territories',
  'sales/team.write':
    'Change the organization, its members, teams and territories; take part in coaching, meetings and reviews',
  'sales/deals.read': 'Read accounts, products, pipelines, deals, stores and orders',
  'sales/deals.write': 'Change accounts, products, pipelines, deals, stores and orders',
  'sales/goals.read': 'Read goals, their progress and their alerts',
  'sales/goals.write': 'Change goals and acknowledge alerts',
  'sales/metrics.read': 'Read KPIs, metrics, leaderboards and forecasts',
  'sales/admin': 'Operate: rebuilds, period locks, settings of the whole organization',
} as const;

export type Scope = keyof typeof scopes;
