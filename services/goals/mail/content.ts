import type { Mover } from '../../../shared/events/metrics.ts';
import { addDays } from '../../../shared/time/zone.ts';
import type { Alert, RecipientRole } from '../domain/alert.ts';
import { kpiOf, periodOfGoal } from '../domain/attainment.ts';
import { accumulates } from '../domain/target.ts';
import {
  amountText,
  dayText,
  listText,
  milestoneText,
  movementText,
  oneLine,
  percentText,
  periodText,
  shortened,
} from './format.ts';

export type MilestoneMark = 'new' | 'reached' | 'lost' | 'open';

/** Everything that a mail says, in words: the HTML and the text part only set it differently. */
export interface MailContent {
  readonly subject: string;
  readonly organization: string;
  readonly direction: Alert['direction'];
  readonly goalName: string;
  /** Whose numbers, of what, and when. */
  readonly about: string;
  readonly headline: string;
  readonly value: string;
  readonly target: string;
  readonly percent: string;
  /** Of the bar, 0–100. */
  readonly filled: number;
  readonly milestones: readonly { readonly label: string; readonly mark: MilestoneMark }[];
  readonly pace: {
    readonly status: Alert['pace']['status'];
    readonly label: string;
    readonly sentence: string;
  };
  readonly movers: readonly { readonly name: string; readonly what: string; readonly amount: string }[];
  readonly link: string;
  readonly why: string;
  readonly reference: string;
}

export interface MailContext {
  readonly organization: string;
  /** What people call the goal's scope. */
  readonly scopeName: string;
  /** The reporting currency, in which movers are told. */
  readonly currency: string;
  readonly role: RecipientRole;
  /** Where the goal is to be read. */
  readonly publicUrl: string;
}

const paceLabels = {
  ahead: 'Ahead of pace',
  onTrack: 'On pace',
  atRisk: 'At risk',
  behind: 'Behind pace',
} as const;

const whys: Readonly<Record<RecipientRole, string>> = {
  manager: 'You get this mail because you manage the owner of this goal.',
  owner: 'You get this mail because this goal is yours.',
  rep: 'You get this mail because this goal is about your own numbers.',
  watcher: 'You get this mail because you watch this goal.',
};

/** `50, 75 and 100 %`. */
const thresholds = (milestones: readonly number[]): string =>
  `${listText(milestones.map((milestone) => milestoneText(milestone).replace(' %', '')))} %`;

const headlineOf = ({ direction, milestones, percent }: Alert): string => {
  const passed = thresholds(milestones);
  if (direction === 'reverted') return `Correction: back below ${passed} of the target`;
  const [only] = milestones;
  if (milestones.length > 1) return `${passed} of the target reached in one step`;
  return only === 100 && percent >= 100 ? 'Target reached' : `${passed} of the target reached`;
};

const subjectOf = (alert: Alert, name: string): string => {
  const figures = `${amountText(alert.value, alert)} of ${amountText(alert.target, alert)}`;
  const passed = thresholds(alert.milestones);
  return alert.direction === 'reached'
    ? `${name}: ${passed} reached — ${figures}`
    : `Correction, ${name}: back below ${passed} — ${figures}`;
};

const paceOf = (alert: Alert): MailContent['pace'] => {
  const { status, elapsed, projection, neededPerBusinessDay, businessDaysLeft } = alert.pace;
  const label = status === null ? 'Too early for a pace' : paceLabels[status];
  const gone = `${percentText(Math.round(elapsed * 100))} of the period has gone by.`;
  const isRising = accumulates(kpiOf(alert));
  const lastDay = dayText(addDays(alert.to, -1));
  const ends =
    projection === null || projection <= 0 || !isRising || elapsed >= 1
      ? ''
      : ` At this rate it ends at ${amountText(Math.floor(projection), alert)} on ${lastDay}.`;
  const daysLeft = `${String(businessDaysLeft)} ${businessDaysLeft === 1 ? 'is' : 'are'} left`;
  const needed =
    neededPerBusinessDay === null || neededPerBusinessDay === 0
      ? ''
      : ` It takes ${amountText(roundedUp(neededPerBusinessDay, alert), alert)} per business day to reach the target; ${daysLeft}.`;
  return { status, label, sentence: `${gone}${ends}${needed}` };
};

const roundedUp = (value: number, { unit }: Alert): number =>
  unit === 'money' ? Math.ceil(value) : Math.ceil(value * 10) / 10;

const markOf = ({ direction, milestones, percent }: Alert, milestone: number): MilestoneMark => {
  if (milestones.includes(milestone)) return direction === 'reached' ? 'new' : 'lost';
  return percent >= milestone ? 'reached' : 'open';
};

const what = ({ kind, change }: Mover): string => `${kind} ${change}`;

/** The mail of one ledger entry for one recipient. */
export const contentOf = (alert: Alert, context: MailContext): MailContent => {
  const name = oneLine(alert.goalName);
  return {
    subject: subjectOf(alert, shortened(name, 70)),
    organization: oneLine(context.organization),
    direction: alert.direction,
    goalName: name,
    about: [oneLine(context.scopeName), kpiOf(alert).name, periodText(periodOfGoal(alert))].join(' · '),
    headline: headlineOf(alert),
    value: amountText(alert.value, alert),
    target: amountText(alert.target, alert),
    percent: percentText(alert.percent),
    filled: Math.min(100, Math.max(0, Math.floor(alert.percent))),
    milestones: alert.allMilestones.map((milestone) => ({
      label: milestoneText(milestone),
      mark: markOf(alert, milestone),
    })),
    pace: paceOf(alert),
    movers: alert.movers.map((mover) => ({
      name: oneLine(mover.name),
      what: what(mover),
      amount: movementText(mover.wonRevenue, context.currency),
    })),
    link: `${context.publicUrl.replace(/\/+$/, '')}/v1/goals/${alert.goalId}`,
    why: whys[context.role],
    reference: alert.correlationId,
  };
};
