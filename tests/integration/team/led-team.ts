import { expect } from 'vitest';
import type { MemberState } from '../../../shared/events/team.ts';
import { parseEnvelope } from '../../../shared/events/envelope.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import type { BusEvent } from '../../../shared/events/publisher.ts';
import { type EventId, EventId as Id, newId } from '../../../shared/ids/id.ts';
import { startTeamService, type TeamService } from './team-service.ts';

const cause = { correlationId: 'test', actor: 'system' } as const;

/** Giulia manages East, to which Ada and Bob belong; Lena manages West, to which Carl belongs. Ines is an admin. */
export interface LedTeam extends TeamService {
  readonly east: string;
  readonly west: string;
  readonly ids: Readonly<Record<'giulia' | 'ada' | 'bob' | 'lena' | 'carl' | 'ines', string>>;
  /** Calls as this person. */
  as(
    who: keyof LedTeam['ids'],
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): ReturnType<TeamService['call']>;
  /** The events of one contract among those given. */
  readonly message: <Contract extends EventContract>(
    contract: Contract,
    data: unknown,
    subject?: string,
  ) => {
    readonly event: ReturnType<typeof parseEnvelope<Contract>>;
    readonly cause: typeof cause;
  };
}

export const dataOf = (
  events: readonly BusEvent[],
  detailType: string,
): Readonly<Record<string, unknown>>[] =>
  events
    .filter((event) => event.detailType === detailType)
    .map(({ detail }) => detail.data as Readonly<Record<string, unknown>>);

export const startLedTeam = async (): Promise<LedTeam> => {
  const service = await startTeamService();
  const made = async (path: string, body: object): Promise<string> => {
    const answer = await service.call('POST', path, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return String(answer.body.id);
  };
  const member = async (name: string, role: MemberState['role'], teamId?: string): Promise<string> =>
    made('/v1/members', { name, role, ...(teamId && { teamId }), startedOn: '2026-01-01' });

  const ines = await member('Ines Weber', 'admin');
  const giulia = await member('Giulia Conti', 'manager');
  const lena = await member('Lena Wolf', 'manager');
  const east = await made('/v1/teams', { name: 'East', managerId: giulia });
  const west = await made('/v1/teams', { name: 'West', managerId: lena });
  const ids = {
    ines,
    giulia,
    lena,
    ada: await member('Ada Marsh', 'rep', east),
    bob: await member('Bob Stone', 'rep', east),
    carl: await member('Carl Reed', 'rep', west),
  };
  const roles = { ines: 'admin', giulia: 'manager', lena: 'manager', ada: 'rep', bob: 'rep', carl: 'rep' };
  await service.events();
  const eventId = (): EventId => newId(Id, service.clock.time);
  return {
    ...service,
    east,
    west,
    ids,
    as: async (who, method, path, body, headers = {}) =>
      service.call(method, path, body, {
        headers,
        claims: { member_id: ids[who], role: roles[who], scope: 'sales/team.read sales/team.write' },
      }),
    message: (contract, data, subject = 'one') => ({
      event: parseEnvelope(
        JSON.stringify({
          source: contract.source,
          'detail-type': contract.detailType,
          detail: {
            metadata: {
              id: eventId(),
              time: new Date(service.clock.time).toISOString(),
              correlationId: 'test',
              actor: 'system',
              subject,
              version: 1,
            },
            data,
          },
        }),
        [contract],
      ),
      cause,
    }),
  };
};
