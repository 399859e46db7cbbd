import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { parseConfig } from '../../../shared/config/config.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Message } from '../../../shared/events/consumer.ts';
import { followUp, type FollowUp } from '../../../shared/events/follow-ups.ts';
import {
  MemberAdded,
  MemberDeparted,
  MemberTransferred,
  MemberUpdated,
} from '../../../shared/events/team.ts';
import { Members } from '../store/members.ts';
import { SignIns } from '../store/sign-ins.ts';
import { CognitoUsers } from './cognito-users.ts';
import { SignInKeeper } from './sign-in-keeper.ts';

/** An import tells a new role or address by a transfer, too. */
const memberEvents = [MemberAdded, MemberUpdated, MemberTransferred, MemberDeparted] as const;

/** What follows from a member's events in the pool of those who may sign in. Throws ConfigInvalid. */
export const signInFollowUps = (
  env: Readonly<Record<string, string | undefined>>,
  table: Table,
): readonly FollowUp[] => {
  const { USER_POOL_ID } = parseConfig(z.object({ USER_POOL_ID: z.string().min(1) }), env);
  const keeper = new SignInKeeper({
    // It only reads them.
    members: new Members(table, { correlationId: 'sign-in', actor: 'system' }),
    signIns: new SignIns(table),
    users: new CognitoUsers(new CognitoIdentityProviderClient({ maxAttempts: 5 }), USER_POOL_ID),
  });
  const keepSignIn = async ({ event, receiveCount }: Message<(typeof memberEvents)[number]>) =>
    keeper.keep(event.data.id, { version: event.metadata.version, isRepeated: receiveCount > 1 });
  return memberEvents.map((contract) => followUp(contract, keepSignIn));
};
