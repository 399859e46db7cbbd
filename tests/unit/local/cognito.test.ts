import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Cognito } from '../../../infra/local/aws/cognito.ts';
import { Mailbox } from '../../../infra/local/aws/mail.ts';
import { LocalClock } from '../../../infra/local/clock.ts';
import { RunnerState } from '../../../infra/local/state.ts';
import { LocalUserPool } from '../../../infra/local/user-pool.ts';
import { signInSpec } from '../../support/sign-in-spec.ts';

const ROSA = 'rosa@pastapro.example';

let state: RunnerState;
let mailbox: Mailbox;
let call: (operation: string, input: object) => unknown;

beforeEach(() => {
  state = new RunnerState(':memory:');
  const clock = new LocalClock(state);
  mailbox = new Mailbox(state, clock);
  const cognito = new Cognito(signInSpec, { pool: new LocalUserPool(state, clock), mailbox });
  call = (operation, input) => cognito.call(operation, { UserPoolId: 'quotaline-dev', ...input });
});
afterEach(() => {
  state.close();
});

const email = (address: string) => [
  { Name: 'email', Value: address },
  { Name: 'email_verified', Value: 'true' },
];
const invite = (address: string) =>
  call('AdminCreateUser', {
    Username: address,
    UserAttributes: email(address),
    DesiredDeliveryMediums: ['EMAIL'],
  });

describe('an integration', () => {
  test('finds its secret, which is its name here', () => {
    expect(call('DescribeUserPoolClient', { ClientId: 'canary' })).toMatchObject({
      UserPoolClient: { ClientId: 'canary', ClientSecret: 'canary' },
    });
  });
});

describe('a user', () => {
  test('is mailed a temporary password, in the words of the stack', () => {
    invite(ROSA);
    const [mail, ...others] = mailbox.items();
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: [ROSA], subject: 'Welcome' });
    expect(mail?.text).toMatch(/^You are rosa@pastapro\.example\.\nYour password is \S{12,}$/);
  });

  test('has a name of its own, and is found by it or by the address, in any case', () => {
    const made = invite(ROSA);
    const found = call('AdminGetUser', { Username: ROSA.toUpperCase() });
    expect(found).toMatchObject({ Enabled: true, UserStatus: 'FORCE_CHANGE_PASSWORD' });
    expect(made).toMatchObject({ User: { Username: (found as { Username: string }).Username } });
    expect(call('AdminGetUser', { Username: (found as { Username: string }).Username })).toEqual(found);
  });

  test('keeps the name under another address, and leaves the former one free', () => {
    const made = invite(ROSA) as { User: { Username: string } };
    const { Username } = made.User;
    call('AdminUpdateUserAttributes', { Username, UserAttributes: email('rosa.bruni@pastapro.example') });
    expect(call('AdminGetUser', { Username: 'rosa.bruni@pastapro.example' })).toMatchObject({ Username });
    expect(() => call('AdminGetUser', { Username: ROSA })).toThrow('does not exist');
    invite(ROSA);
  });

  test('is refused by Cognito’s names where there is none, or one too many', () => {
    invite(ROSA);
    invite('marco@pastapro.example');
    const refusal = (operation: string, input: object): unknown => {
      try {
        return call(operation, input);
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(refusal('AdminCreateUser', { Username: ROSA, UserAttributes: email(ROSA) })).toBe(
      'UsernameExistsException',
    );
    expect(
      refusal('AdminUpdateUserAttributes', {
        Username: 'marco@pastapro.example',
        UserAttributes: email(ROSA),
      }),
    ).toBe('AliasExistsException');
    expect(refusal('AdminDisableUser', { Username: 'nobody' })).toBe('UserNotFoundException');
    expect(refusal('AdminAddUserToGroup', { Username: ROSA, GroupName: 'owner' })).toBe(
      'ResourceNotFoundException',
    );
    expect(refusal('AdminCreateUser', { Username: 'rosa', UserAttributes: email(ROSA) })).toBe(
      'InvalidParameterException',
    );
  });
});

test.each([
  ['DescribeUserPoolClient', { ClientId: 'nobody' }, 'client nobody'],
  ['DescribeUserPoolClient', { UserPoolId: 'lake', ClientId: 'canary' }, 'pool lake'],
  ['ListUsers', {}, 'the local run has no ListUsers of Cognito'],
])('refuses %s of %j by name', (operation, input, said) => {
  expect(() => call(operation, input)).toThrow(said);
});
