import * as z from 'zod';
import type { EventOf } from '../../../shared/events/contract.ts';
import type { Fields } from '../../../shared/privacy/sealed-fields.ts';

/** Fields of an event’s data that say how something changed, and are no part of its state, by contract. */
const aboutTheChange: Readonly<Record<string, readonly string[]>> = {
  'MemberDeparted.v1': ['reassignTo'],
  'StoreChanged.v1': ['secretsChanged'],
  'ReviewCompleted.v1': ['overall'],
};
/** Deals tell in `change` what an event changed. */
const everywhere = ['change'];

/** What the name of an event says of the state, and its data does not. */
const implied: Readonly<Record<string, Fields>> = { 'ReviewCompleted.v1': { status: 'completed' } };

/** Of these events the state lies deeper. */
const nested: Readonly<Record<string, string>> = {
  'GoalMilestoneReached.v1': 'goal',
  'GoalMilestoneReverted.v1': 'goal',
};

/** What says who somebody is, by contract. It can be opened until that person is erased. */
const personal: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  ['MemberAdded.v1', 'MemberUpdated.v1', 'MemberTransferred.v1', 'MemberDeparted.v1'].map((detailType) => [
    detailType,
    ['name', 'email', 'absences'],
  ]),
);

export const personalFieldsOf = (detailType: string): readonly string[] => personal[detailType] ?? [];

const State = z.record(z.string(), z.unknown());

/** The subject’s state in an event, apart from what else the event says of the change. */
export const toldState = ({
  detailType,
  data,
}: Pick<EventOf, 'detailType' | 'data'>): { readonly state: Fields; readonly details: Fields } => {
  const told = { ...implied[detailType], ...State.parse(data) };
  const inside = nested[detailType];
  const isDetail = (name: string): boolean =>
    inside === undefined
      ? everywhere.includes(name) || (aboutTheChange[detailType] ?? []).includes(name)
      : name !== inside;
  const entries = Object.entries(told);
  const details = Object.fromEntries(entries.filter(([name]) => isDetail(name)));
  if (inside !== undefined) return { state: State.parse(told[inside]), details };
  return { state: Object.fromEntries(entries.filter(([name]) => !isDetail(name))), details };
};
