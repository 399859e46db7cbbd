import * as z from 'zod';
import type { DemoClient, Mail } from './demo-client.ts';
import type { Stage } from './set-the-stage.ts';
import type { Quarter } from './quarter.ts';

const Answer = z.object({ value: z.number().nullable() });
const Breakdown = z.object({
  rows: z.array(
    z.object({ key: z.string(), name: z.string().optional(), kpis: z.record(z.string(), Answer) }),
  ),
});
const Goal = z.object({ name: z.string(), kpi: z.string(), target: z.number() });
const Progress = z.object({
  value: z.number().nullable(),
  percent: z.number().nullable(),
  target: z.number().optional(),
  pace: z.object({ status: z.string().nullable().optional() }).nullable().optional(),
});

const BAR_WIDTH = 24;

const dollars = (minor: number | null | undefined) =>
  minor == null ? '–' : `$${(minor / 100).toLocaleString('en-US', { maximumFractionDigits: 0 })}`;
const percent = (ratio: number | null | undefined) => (ratio == null ? '–' : `${(ratio * 100).toFixed(0)} %`);
const count = (value: number | null | undefined) => (value == null ? '–' : String(value));
const days = (value: number | null | undefined) => (value == null ? '–' : `${value.toFixed(1)} d`);

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
const table = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`.trimEnd(),
    )
    .join('\n');
};

/** `████████░░░░`: full at 100 % and beyond. */
export const bar = (share: number): string => {
  const full = Math.max(0, Math.min(BAR_WIDTH, Math.round((share / 100) * BAR_WIDTH)));
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
};

const breakdown = async (client: DemoClient, period: string, by: string, kpis: string) =>
  Breakdown.parse(await client.get(`/v1/metrics/breakdown?scope=org&period=${period}&by=${by}&kpis=${kpis}`))
    .rows;

const teamTable = async (client: DemoClient, period: string): Promise<string> => {
  const kpis =
    'wonRevenue,wonDeals,lostDeals,winRate,averageDealSize,medianDealSize,salesCycleDays,openDeals';
  const rows = await breakdown(client, period, 'team', kpis);
  return table([
    ['Team', 'Revenue', 'Won', 'Lost', 'Win rate', 'Average', 'Median', 'Cycle', 'Open'],
    ...rows.map(({ key, name, kpis: k }) => [
      name ?? key,
      dollars(k.wonRevenue?.value),
      count(k.wonDeals?.value),
      count(k.lostDeals?.value),
      percent(k.winRate?.value),
      dollars(k.averageDealSize?.value),
      dollars(k.medianDealSize?.value),
      days(k.salesCycleDays?.value),
      count(k.openDeals?.value),
    ]),
  ]);
};

const leaderboard = async (client: DemoClient, period: string): Promise<string> => {
  const rows = await breakdown(client, period, 'rep', 'wonRevenue,wonDeals,winRate');
  return table([
    ['Rep', 'Revenue', 'Won', 'Win rate'],
    ...rows.map(({ key, name, kpis: k }, index) => [
      `${String(index + 1)}. ${name ?? key}`,
      dollars(k.wonRevenue?.value),
      count(k.wonDeals?.value),
      percent(k.winRate?.value),
    ]),
  ]);
};

const amount = (kpi: string, value: number | null) =>
  kpi === 'wonRevenue' ? dollars(value) : kpi === 'winRate' ? percent(value) : count(value);

const goalBars = async (client: DemoClient, goalIds: readonly string[]): Promise<string> => {
  const rows = await Promise.all(
    goalIds.map(async (id) => {
      const goal = Goal.parse(await client.get(`/v1/goals/${id}`));
      const { value, percent: reached } = Progress.parse(await client.get(`/v1/goals/${id}/progress`));
      return [
        goal.name,
        bar(reached ?? 0),
        `${(reached ?? 0).toFixed(0)} %`,
        `${amount(goal.kpi, value)} of ${amount(goal.kpi, goal.target)}`,
      ];
    }),
  );
  return table(rows);
};

const mailList = (mails: readonly Mail[]): string => {
  const bySubject = new Map<string, string[]>();
  for (const { subject, to } of mails) bySubject.set(subject, [...(bySubject.get(subject) ?? []), ...to]);
  return [...bySubject]
    .map(
      ([subject, to]) =>
        `  ${subject}\n      to ${[...new Set(to)].map((each) => each.split('@')[0] ?? each).join(', ')}`,
    )
    .join('\n');
};

/** What a sales manager would want to see of the quarter, and where to look next. */
export const summary = async (
  client: DemoClient,
  stage: Stage,
  quarter: Quarter,
  url: string,
): Promise<string> => {
  const mails = await client.mails();
  return [
    `PastaPro, ${quarter.period}`,
    '',
    'KPIs by team',
    await teamTable(client, quarter.period),
    '',
    'Leaderboard',
    await leaderboard(client, quarter.period),
    '',
    'Goals',
    await goalBars(client, stage.goalIds),
    '',
    `Mails that went out (${String(mails.length)})`,
    mailList(mails),
    '',
    'Where to look next (npm run demo -- --stay keeps it serving)',
    `  ${url}/_local/inbox   the mails as their readers see them`,
    `  ${url}/docs           every route, to try out`,
    `  ${url}/v1/metrics?scope=org&period=${quarter.period}`,
  ].join('\n');
};
