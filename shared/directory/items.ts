import type { Item, Key } from '../dynamodb/item.ts';
import type { EventMetadata } from '../events/contract.ts';
import {
  MemberAdded,
  MemberDeparted,
  MemberState,
  MemberTransferred,
  MemberUpdated,
  OrganizationState,
  OrganizationUpdated,
  TeamChanged,
  TeamState,
  TerritoryChanged,
  TerritoryState,
} from '../events/team.ts';
import { emailKey, nameKey } from './name-key.ts';

export type DirectoryKind = 'organization' | 'member' | 'team' | 'territory';

/** The events that every service keeps its directory from. */
export const directoryEvents = [
  OrganizationUpdated,
  MemberAdded,
  MemberUpdated,
  MemberTransferred,
  MemberDeparted,
  TeamChanged,
  TerritoryChanged,
] as const;

const keptAs: Readonly<Record<string, DirectoryKind>> = {
  [OrganizationUpdated.detailType]: 'organization',
  [MemberAdded.detailType]: 'member',
  [MemberUpdated.detailType]: 'member',
  [MemberTransferred.detailType]: 'member',
  [MemberDeparted.detailType]: 'member',
  [TeamChanged.detailType]: 'team',
  [TerritoryChanged.detailType]: 'territory',
};

export const organizationKey: Key = { pk: 'directory#organization', sk: 'state' };

export const directoryKey = (kind: Exclude<DirectoryKind, 'organization'>, id: string): Key => ({
  pk: `directory#${kind}#${id}`,
  sk: 'state',
});

/** Index key under which all members, teams or territories are found, by name. */
export const listKeys = {
  member: 'directory#members',
  team: 'directory#teams',
  territory: 'directory#territories',
} as const;

export const emailIndexKey = (email: string): string => `directory#email#${emailKey(email)}`;

/** What is needed of an event of the directory. */
export interface ToldOfDirectory {
  readonly detailType: string;
  readonly metadata: Pick<EventMetadata, 'subject' | 'epoch' | 'version'> & Partial<EventMetadata>;
  readonly data: unknown;
}

/** The copy of what the event tells, as it is kept. Throws TypeError for an event that is none of the directory's. */
export const directoryItem = ({ detailType, metadata, data }: ToldOfDirectory): Item => {
  const kind = keptAs[detailType];
  const { subject, epoch, version } = metadata;
  const item = (key: Key, state: object, keys: Item = {}): Item => ({
    ...key,
    ...keys,
    type: `directory-${String(kind)}`,
    epoch,
    version,
    data: state,
  });
  switch (kind) {
    case 'organization':
      return item(organizationKey, OrganizationState.parse(data));
    case 'member': {
      const member = MemberState.parse(data);
      const byEmail =
        member.email === undefined ? {} : { gsi2pk: emailIndexKey(member.email), gsi2sk: member.id };
      return item(directoryKey(kind, subject), member, {
        gsi1pk: listKeys[kind],
        gsi1sk: nameKey(member.name),
        ...byEmail,
      });
    }
    case 'team':
    case 'territory': {
      const state = (kind === 'team' ? TeamState : TerritoryState).parse(data);
      return item(directoryKey(kind, subject), state, {
        gsi1pk: listKeys[kind],
        gsi1sk: nameKey(state.name),
      });
    }
    default:
      throw new TypeError(`${detailType} tells nothing of the directory`);
  }
};
