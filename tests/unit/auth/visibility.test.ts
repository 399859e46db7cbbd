import { describe, expect, test } from 'vitest';
import type { Actor } from '../../../shared/auth/actor.ts';
import {
  assertChangeable,
  assertNumbersVisible,
  assertVisible,
  type Audience,
  mayChange,
  maySee,
  maySeeNumbers,
  type Ownership,
  type Place,
  viewerOf,
} from '../../../shared/auth/visibility.ts';
import { Forbidden, NotFound } from '../../../shared/errors/errors.ts';
import { derivedId, MemberId, TeamId } from '../../../shared/ids/id.ts';

const member = (name: string) => derivedId(MemberId, name);
const team = (name: string) => derivedId(TeamId, name);

const [ada, mia, rita, rob] = [member('ada'), member('mia'), member('rita'), member('rob')] as const;
const [north, northEast, south] = [team('north'), team('north-east'), team('south')] as const;

const nowhere: Place = { status: 'active', teamId: undefined, managedTeams: new Set() };
const actors: Record<string, { actor: Actor; place: Place | undefined }> = {
  'a client': { actor: { kind: 'client', id: 'erp' }, place: undefined },
  'an admin': { actor: { kind: 'member', id: ada, role: 'admin' }, place: nowhere },
  'the manager of north': {
    actor: { kind: 'member', id: mia, role: 'manager' },
    place: { status: 'active', teamId: north, managedTeams: new Set([north, northEast]) },
  },
  'a rep of north-east': {
    actor: { kind: 'member', id: rita, role: 'rep' },
    place: { status: 'active', teamId: northEast, managedTeams: new Set() },
  },
  // Someone may manage teams on paper and still sign in as a rep: the role decides.
  'a rep named manager of north-east': {
    actor: { kind: 'member', id: rita, role: 'rep' },
    place: { status: 'active', teamId: northEast, managedTeams: new Set([northEast]) },
  },
  'a manager not heard of yet': { actor: { kind: 'member', id: mia, role: 'manager' }, place: undefined },
  'a departed admin': {
    actor: { kind: 'member', id: ada, role: 'admin' },
    place: { ...nowhere, status: 'departed' },
  },
  anyone: { actor: { kind: 'open' }, place: undefined },
};

const records: Record<string, Ownership> = {
  'rita’s, of north-east': { ownerId: rita, teamId: northEast },
  'rob’s, of north-east': { ownerId: rob, teamId: northEast },
  'rob’s, shared with rita': { ownerId: rob, teamId: northEast, participantIds: [rita] },
  'mia’s, of no team': { ownerId: mia },
  'rob’s, of south': { ownerId: rob, teamId: south },
  'nobody’s': {},
};

/** Per record, in the order above: c may change (and see), s may only see, - may neither. */
const recordMatrix: Record<string, string> = {
  'a client': 'cccccc',
  'an admin': 'cccccc',
  'the manager of north': 'cccc--',
  'a rep of north-east': 'c-s---',
  'a rep named manager of north-east': 'c-s---',
  'a manager not heard of yet': '---c--',
  'a departed admin': '------',
  anyone: '------',
};

const audiences: Record<string, Audience> = {
  'the organization': { kind: 'org' },
  north: { kind: 'team', teamId: north },
  'north-east': { kind: 'team', teamId: northEast },
  south: { kind: 'team', teamId: south },
  'rita herself': { kind: 'rep', memberId: rita, teamId: northEast },
  'rob of north-east': { kind: 'rep', memberId: rob, teamId: northEast },
  'rob of south': { kind: 'rep', memberId: rob, teamId: south },
  'a product': { kind: 'cut' },
};

const audienceMatrix: Record<string, string> = {
  'a client': 'ssssssss',
  'an admin': 'ssssssss',
  'the manager of north': '-ss-ss--',
  'a rep of north-east': '--s-ss--',
  'a rep named manager of north-east': '--s-ss--',
  'a manager not heard of yet': '--------',
  'a departed admin': '--------',
  anyone: '--------',
};

describe.each(Object.entries(actors))('%s', (name, { actor, place }) => {
  const viewer = viewerOf(actor, place);

  test.each(
    Object.entries(records).map(
      ([record, ownership], i) => [recordMatrix[name]?.[i], record, ownership] as const,
    ),
  )('has right %j on a record that is %s', (right, record, ownership) => {
    expect(maySee(viewer, ownership)).toBe(right !== '-');
    expect(mayChange(viewer, ownership)).toBe(right === 'c');
    const see = () => assertVisible(viewer, ownership, record);
    const change = () => assertChangeable(viewer, ownership, record);
    if (right === '-') {
      expect(see).toThrow(NotFound);
      expect(change).toThrow(NotFound);
    } else {
      expect(see).not.toThrow();
      if (right === 'c') expect(change).not.toThrow();
      else expect(change).toThrow(Forbidden);
    }
  });

  test.each(
    Object.entries(audiences).map(
      ([about, audience], i) => [audienceMatrix[name]?.[i], about, audience] as const,
    ),
  )('has right %j on the numbers of %s', (right, about, audience) => {
    expect(maySeeNumbers(viewer, audience)).toBe(right === 's');
    const see = () => assertNumbersVisible(viewer, audience, about);
    if (right === 's') expect(see).not.toThrow();
    else expect(see).toThrow(NotFound);
  });
});
