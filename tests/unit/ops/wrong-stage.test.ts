import { describe, expect, it } from 'vitest';
import { checkPins } from '../../../infra/ops/deployed-target.ts';
import { checkConfirmed } from '../../../infra/ops/run.ts';

describe('acting on the wrong stage', () => {
  const here = { account: '111122223333', region: 'eu-central-1' };
  it('is refused in an account or region that is not the stage’s own', () => {
    expect(() => checkPins('prod', { account: '444455556666' }, here)).toThrow(
      'Stage prod belongs to account 444455556666, and these credentials are of 111122223333',
    );
    expect(() => checkPins('prod', { region: 'us-east-1' }, here)).toThrow('set AWS_REGION=us-east-1');
    expect(() => checkPins('prod', here, here)).not.toThrow();
    expect(() => checkPins('dev', {}, here)).not.toThrow();
  });
  it('takes naming the stage, where it is protected', () => {
    const prod = { stage: 'prod', isProtected: true };
    expect(() => checkConfirmed({ apply: true, confirm: undefined }, prod)).toThrow(
      'also needs --confirm prod',
    );
    expect(() => checkConfirmed({ apply: true, confirm: 'prod' }, prod)).not.toThrow();
    expect(() => checkConfirmed({ apply: false, confirm: undefined }, prod)).not.toThrow();
  });
  it('is refused when another stage is named than it acts on', () => {
    const dev = { stage: 'dev', isProtected: false };
    expect(() => checkConfirmed({ apply: true, confirm: 'prod' }, dev)).toThrow(
      'says prod, but this acts on dev',
    );
    expect(() => checkConfirmed({ apply: true, confirm: undefined }, dev)).not.toThrow();
  });
});
