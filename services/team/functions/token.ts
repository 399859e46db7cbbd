import type { PreTokenGenerationV2TriggerEvent, PreTokenGenerationV3TriggerEvent } from 'aws-lambda';
import { Members } from '../store/members.ts';
import { memberBehind } from '../sign-in/member-behind.ts';
import { SignIns } from '../store/sign-ins.ts';
import { createMetrics } from '../../../shared/observability/metrics.ts';
import { teamTable } from '../store.ts';
import { tokenChanges } from '../domain/token.ts';

const metrics = createMetrics();
const table = teamTable(process.env);
const members = new Members(table, { correlationId: 'token', actor: 'system' });
const signIns = new SignIns(table);

/** The published V3 type knows of systems alone; people's events look as in V2. */
type TokenEvent = PreTokenGenerationV2TriggerEvent | PreTokenGenerationV3TriggerEvent;

/**
 * Cognito's pre-token-generation trigger (V3_0). Systems keep the scopes of their client. An address that is known to be
 * unverified names nobody: who may change the own address must not become someone else by it.
 */
export const handler = async (event: TokenEvent): Promise<TokenEvent> => {
  // Nothing is counted here but cold starts.
  metrics.flush();
  if (event.triggerSource === 'TokenGeneration_ClientCredentials') return event;
  const { email, email_verified: verified } = event.request.userAttributes;
  const isUsable = email !== undefined && email !== '' && verified !== 'false';
  const member = isUsable
    ? await memberBehind({ username: event.userName, email }, { members, signIns })
    : undefined;
  const { claimsToAddOrOverride, scopesToAdd, scopesToSuppress } = tokenChanges(member);
  return {
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: {
          claimsToAddOrOverride: { ...claimsToAddOrOverride },
          scopesToAdd: [...scopesToAdd],
          scopesToSuppress: [...scopesToSuppress],
        },
      },
    },
  };
};
