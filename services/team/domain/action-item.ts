import * as z from 'zod';
import { InvalidTransition, NotFound, Unprocessable } from '../../../shared/errors/errors.ts';
import { ActionId, MemberId } from '../../../shared/ids/id.ts';
import { Day } from '../../../shared/time/instant.ts';
import { Text } from './text.ts';

/** What someone is to do until a day. */
export const ActionItem = z.object({
  id: ActionId,
  text: z.string(),
  ownerId: MemberId,
  dueOn: Day,
  doneOn: Day.optional(),
});
export type ActionItem = z.infer<typeof ActionItem>;

const MAX_ACTIONS = 50;

/** As callers give them: with the id of one that is there, or without for a new one. */
export const ActionInputs = z
  .array(z.strictObject({ id: ActionId.optional(), text: Text, ownerId: MemberId, dueOn: Day }))
  .max(MAX_ACTIONS, `must be ${String(MAX_ACTIONS)} at most`);
export type ActionInputs = z.infer<typeof ActionInputs>;

/**
 * The actions in place of those that are there: one that bears an id keeps when it was done. `field` is the JSON pointer
 * of the list. Throws Unprocessable for an id that is not there, or twice.
 */
export const withActions = (
  before: readonly ActionItem[],
  inputs: ActionInputs,
  { newId, field }: { readonly newId: () => ActionId; readonly field: string },
): ActionItem[] => {
  const known = new Map(before.map((action) => [action.id, action]));
  const ids = inputs.map(({ id }) => id);
  const errors = ids.flatMap((id, index) => {
    const path = `${field}/${String(index)}/id`;
    if (id === undefined) return [];
    if (!known.has(id))
      return [{ path, message: `there is no action ${id} here; leave it out for a new one` }];
    return ids.indexOf(id) < index ? [{ path, message: 'must name each action once' }] : [];
  });
  if (errors.length > 0) throw new Unprocessable('The actions do not fit those that are there.', errors);
  return inputs.map(({ id, ...input }) => {
    const doneOn = id && known.get(id)?.doneOn;
    return { id: id ?? newId(), ...input, ...(doneOn && { doneOn }) };
  });
};

/** Throws NotFound for an action that is not there. */
export const actionOf = (actions: readonly ActionItem[], id: ActionId): ActionItem => {
  const found = actions.find((action) => action.id === id);
  if (found === undefined) throw new NotFound(`action ${id}`);
  return found;
};

/** The actions with this one done. Throws NotFound for one that is not there, InvalidTransition for one that is done. */
export const withDone = (actions: readonly ActionItem[], id: ActionId, on: Day): ActionItem[] => {
  const { doneOn } = actionOf(actions, id);
  if (doneOn !== undefined) throw new InvalidTransition(`The action ${id} has been done on ${doneOn}.`);
  return actions.map((action) => (action.id === id ? { ...action, doneOn: on } : action));
};
