import { Forbidden } from '../../../shared/errors/errors.ts';
import { ActionId } from '../../../shared/ids/id.ts';
import type { Access } from '../access.ts';
import type { ActionInputs, ActionItem } from '../domain/action-item.ts';
import type { Members } from '../store/members.ts';
import { assertKnown } from './references.ts';

export const actionParams = { actionId: ActionId };

/** What a list of actions in an example looks like. */
export const exampleActions = [
  {
    text: 'Ask Trattoria Roma who decides, before the next offer',
    ownerId: 'mem_01JD0000000000000000000000',
    dueOn: '2026-12-04',
  },
];

/** Throws Unprocessable for owners that there are not. */
export const assertOwners = async (actions: ActionInputs, members: Members): Promise<void> =>
  assertKnown(
    actions.map(({ ownerId }, index) => ({
      path: `/actions/${String(index)}/ownerId`,
      what: 'member',
      id: ownerId,
      find: async (id) => members.find(id),
    })),
  );

/** Throws Forbidden for the action of someone else, unless the caller keeps the record that it belongs to. */
export const assertMayTick = ({ id, ownerId }: ActionItem, { actor }: Access, keeps: boolean): void => {
  if (keeps || (actor.kind === 'member' && actor.id === ownerId)) return;
  throw new Forbidden(`Only its owner, and whoever keeps the record, may mark action ${id} as done.`);
};
