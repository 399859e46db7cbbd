import { describe, expect, it } from 'vitest';
import { explained } from '../../../infra/ops/aws-errors.ts';

const awsError = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $fault: 'client' });

describe('an error of AWS', () => {
  it('names the action that is missing', () => {
    const denied = awsError(
      'AccessDeniedException',
      'User: arn:aws:iam::1:user/jo is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs:…',
    );
    expect(explained(denied, undefined)).toMatch(/^These credentials lack sqs:ReceiveMessage/);
  });
  it.each([
    [
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
      'AWS_PROFILE',
    ],
    [new Error('Region is missing'), 'AWS_REGION'],
    [awsError('ExpiredTokenException', 'The security token is expired'), 'sign in again'],
    [awsError('ThrottlingException', 'Rate exceeded.'), 'go slower'],
    [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'AWS_ENDPOINT_URL'],
    [
      awsError('QueueDoesNotExist', 'The queue is gone'),
      'QueueDoesNotExist: The queue is gone (--stage dev)',
    ],
  ])('says what to do: %s', (error, says) => {
    expect(explained(error, { flag: '--stage dev' })).toContain(says);
  });
  it('is not made of a mistake of our own, whose stack trace is worth having', () => {
    expect(explained(new TypeError('x is not a function'), undefined)).toBeUndefined();
  });
});
