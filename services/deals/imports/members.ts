import type { DirectorySnapshot } from '../../../shared/directory/snapshot.ts';
import { nameKey } from '../../../shared/directory/name-key.ts';
import { MemberId, TerritoryId } from '../../../shared/ids/id.ts';
import { quoted, RowRefused } from './row.ts';

/** A reference to someone may be on its way from the team service: then the row is handed in again. */
const mayCome = { isDeferred: true } as const;

/** The member by id, e-mail address or name. @throws RowRefused, deferred where there is none yet */
export const memberReferred = (directory: DirectorySnapshot, field: string, text: string): MemberId => {
  const id = MemberId.safeParse(text);
  const found = id.success ? directory.member(id.data) : directory.memberByEmail(text);
  if (found !== undefined) return found.id;
  const [named, ...others] = directory.membersNamed(text);
  if (others.length > 0)
    throw new RowRefused(
      field,
      `${others.length + 1} members are named ${quoted(text)}; give the e-mail address or id`,
    );
  if (named === undefined) throw new RowRefused(field, `there is no member named ${quoted(text)}`, mayCome);
  return named.id;
};

/** The territory by id or name. @throws RowRefused, deferred where there is none yet */
export const territoryReferred = (directory: DirectorySnapshot, field: string, text: string): TerritoryId => {
  const id = TerritoryId.safeParse(text);
  const found = directory
    .territories()
    .filter((each) => (id.success ? each.id === id.data : nameKey(each.name) === nameKey(text)));
  const [first, ...others] = found;
  if (others.length > 0)
    throw new RowRefused(field, `${found.length} territories are named ${quoted(text)}; give the id`);
  if (first === undefined)
    throw new RowRefused(field, `there is no territory named ${quoted(text)}`, mayCome);
  return first.id;
};
