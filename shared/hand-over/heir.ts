import type { Directory } from '../directory/directory.ts';
import { NotYet, Unprocessable } from '../errors/errors.ts';
import type { MemberId } from '../ids/id.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { handOverId, handOverOf } from './job.ts';

/**
 * Who takes the work over: the heir, or that one's own heir where the first has departed meanwhile, and so on. Throws NotYet
 * where the directory, or the next departure, has not been heard of; Unprocessable where someone on the way left nobody.
 */
export const presentHeir = async (
  heirId: MemberId,
  { directory, jobs }: { readonly directory: Pick<Directory, 'member'>; readonly jobs: Pick<Jobs, 'find'> },
): Promise<MemberId> => {
  const seen = new Set<MemberId>();
  let id = heirId;
  while (!seen.has(id)) {
    seen.add(id);
    const member = await directory.member(id);
    if (member === undefined) throw new NotYet(`${id}, who takes over, is not known here yet.`);
    if (member.status === 'active') return id;
    const next = await jobs.find(handOverId(id));
    if (next === undefined)
      throw new NotYet(`Who takes over from ${id}, who has departed as well, is not known yet.`);
    const { heirId: nextId } = handOverOf(next);
    if (nextId === undefined)
      throw new Unprocessable(
        `${id}, who was to take over, has departed and left nobody; hand the rest on by hand.`,
      );
    id = nextId;
  }
  throw new Unprocessable(`The heirs of ${heirId} lead back to ${id}; hand the rest on by hand.`);
};
