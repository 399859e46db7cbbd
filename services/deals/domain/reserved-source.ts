import type { Actor } from '../../../shared/auth/actor.ts';
import { CANARY_SOURCE } from '../../../shared/canary/source.ts';
import { Unprocessable } from '../../../shared/errors/errors.ts';

/**
 * What the canary sells counts for nobody: were it free to take, people's deals could drop out of all numbers unnoticed.
 * @throws Unprocessable where a person gives a deal the canary's source
 */
export const assertMaySetSource = (actor: Actor, source: string | null | undefined): void => {
  if (source !== CANARY_SOURCE || actor.kind === 'client') return;
  throw new Unprocessable(`The source “${CANARY_SOURCE}” is reserved.`, [
    {
      path: '/source',
      message: `must be another: deals of source “${CANARY_SOURCE}” count for nobody, and only systems may make them`,
    },
  ]);
};
