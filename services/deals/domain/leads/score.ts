import * as z from 'zod';
import { nameKey } from '../../../../shared/directory/name-key.ts';
import type { Instant } from '../../../../shared/time/instant.ts';
import { isPublicMailDomain } from '../public-mail-domains.ts';
import { senioritySaid } from './seniority.ts';

export const ScoreReason = z.object({
  code: z
    .enum([
      'source',
      'territoryFit',
      'completeness',
      'seniority',
      'companySize',
      'businessEmail',
      'freeMail',
      'recency',
    ])
    .describe('What was looked at.'),
  points: z.int(),
});
export type ScoreReason = z.infer<typeof ScoreReason>;

/** What a lead is judged by. */
export interface ScoredLead {
  readonly name?: string | undefined;
  readonly company?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  readonly jobTitle?: string | undefined;
  readonly source?: string | undefined;
  readonly country?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly industry?: string | undefined;
  readonly annualRevenue?: number | undefined;
  readonly employees?: number | undefined;
  readonly message?: string | undefined;
  readonly createdAt: Instant;
  readonly lastActivityAt?: Instant | undefined;
}

/** Up to 20: who was sent by someone buys more often than who was on a list. */
const sourcePoints: Readonly<Record<string, number>> = {
  referral: 20,
  customer: 20,
  partner: 16,
  inbound: 14,
  website: 14,
  web: 14,
  event: 12,
  webinar: 12,
  'trade show': 12,
  social: 8,
  advertising: 8,
  outbound: 4,
  'cold call': 4,
  list: 0,
};
const OTHER_SOURCE = 6;

const SENIORITY = { top: 15, director: 12, manager: 8, other: 3 } as const;

/** Up to 14: two for each that is told. */
const told = ['name', 'company', 'phone', 'country', 'industry', 'jobTitle', 'message'] as const;

interface Step {
  readonly from: number;
  readonly points: number;
}
const byEmployees: readonly Step[] = [
  { from: 1_000, points: 15 },
  { from: 200, points: 12 },
  { from: 50, points: 8 },
  { from: 10, points: 4 },
  { from: 0, points: 1 },
];
/** In major units of the reporting currency; asked only where the employees are not told. */
const byRevenue: readonly Step[] = [
  { from: 250_000_000, points: 15 },
  { from: 50_000_000, points: 12 },
  { from: 10_000_000, points: 8 },
  { from: 1_000_000, points: 4 },
  { from: 0, points: 1 },
];
/** By whole days since somebody last did something, or since it came in. */
const byIdleDays: readonly Step[] = [
  { from: 90, points: -10 },
  { from: 30, points: 0 },
  { from: 7, points: 5 },
  { from: 0, points: 11 },
];

const TERRITORY_FIT = 15;
const BUSINESS_EMAIL = 10;
const FREE_MAIL = -5;
const DAY_MILLISECONDS = 86_400_000;

const pointsOf = (steps: readonly Step[], value: number): number =>
  steps.find(({ from }) => value >= from)?.points ?? 0;

const sizePoints = ({ employees, annualRevenue }: ScoredLead): number => {
  if (employees !== undefined) return pointsOf(byEmployees, employees);
  return annualRevenue === undefined ? 0 : pointsOf(byRevenue, annualRevenue);
};

const emailReason = ({ email }: ScoredLead): ScoreReason | undefined => {
  const domain = email?.split('@').at(-1);
  if (domain === undefined) return undefined;
  return isPublicMailDomain(domain)
    ? { code: 'freeMail', points: FREE_MAIL }
    : { code: 'businessEmail', points: BUSINESS_EMAIL };
};

/**
 * How promising a lead is, 0–100, and why: the sum of its reasons, cut off at both ends. Source up to 20, fit with a
 * territory's rules 15, what is told of it up to 14, seniority of the job title up to 15, size of the company up to 15, a
 * business address 10 (a free-mail one −5), and what was done of late up to 11 (after 90 days of nothing, −10): 100 in all.
 */
export const scoreOf = (
  lead: ScoredLead,
  { fitsTerritory, now }: { readonly fitsTerritory: boolean; readonly now: Instant },
): { readonly score: number; readonly reasons: ScoreReason[] } => {
  const { source, jobTitle, lastActivityAt, createdAt } = lead;
  const idle = Math.max(0, Date.parse(now) - Date.parse(lastActivityAt ?? createdAt));
  const reasons: readonly (ScoreReason | undefined)[] = [
    source === undefined
      ? undefined
      : { code: 'source', points: sourcePoints[nameKey(source)] ?? OTHER_SOURCE },
    fitsTerritory ? { code: 'territoryFit', points: TERRITORY_FIT } : undefined,
    { code: 'completeness', points: 2 * told.filter((field) => lead[field] !== undefined).length },
    jobTitle === undefined ? undefined : { code: 'seniority', points: SENIORITY[senioritySaid(jobTitle)] },
    { code: 'companySize', points: sizePoints(lead) },
    emailReason(lead),
    { code: 'recency', points: pointsOf(byIdleDays, Math.floor(idle / DAY_MILLISECONDS)) },
  ];
  const counted = reasons.filter((reason) => reason !== undefined && reason.points !== 0) as ScoreReason[];
  const sum = counted.reduce((total, { points }) => total + points, 0);
  return { score: Math.min(100, Math.max(0, sum)), reasons: counted };
};
