import type { SignInSpec } from '../../infra/local/stack-sign-in.ts';
import { scopes } from '../../shared/auth/scopes.ts';

/** A user pool like the stack's, with one system that may read deals. */
export const signInSpec: SignInSpec = {
  poolId: 'quotaline-dev',
  clients: [
    { id: 'people', kind: 'people', scopes: ['openid', 'email'], tokenSeconds: 300 },
    { id: 'canary', kind: 'system', scopes: ['sales/deals.read', 'sales/metrics.read'], tokenSeconds: 300 },
  ],
  scopes: Object.keys(scopes),
  groups: ['admin', 'manager', 'rep'],
  invitation: { subject: 'Welcome', body: 'You are {username}.<br>Your password is {####}' },
  tokenFunction: 'quotaline-dev-team-token',
};
