import type { Target } from './target.ts';

const NO_CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError']);
const REFUSED_CREDENTIALS = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
]);
const DENIED = /AccessDenied|UnauthorizedOperation|AuthorizationError|NotAuthorized/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded/;
const UNREACHABLE = new Set(['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ETIMEDOUT', 'TimeoutError']);

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');

/**
 * What an error of the AWS SDK means for whoever typed the command, and what to do; undefined for any other error,
 * whose stack trace is worth having. `target` is undefined while the place was still looked up.
 */
export const explained = (error: unknown, target: Pick<Target, 'flag'> | undefined): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  if (NO_CREDENTIALS.has(name)) {
    return `No AWS credentials: set AWS_PROFILE=<profile>, or sign in with aws sso login. (${message})`;
  }
  if (message.startsWith('Region is missing')) {
    return 'No AWS region: set AWS_REGION=<region>, or give your profile one.';
  }
  if (REFUSED_CREDENTIALS.has(name)) {
    return `AWS does not take these credentials any more, or never did: sign in again. (${name}: ${message})`;
  }
  if (DENIED.test(name)) {
    const action = /perform:? (\S+:\w+)/.exec(message)?.[1];
    return action === undefined
      ? `These credentials may not do this: ${message}`
      : `These credentials lack ${action}; infra/ops/README.md lists what an operator needs.\n(${message})`;
  }
  if (UNREACHABLE.has(codeOf(error)) || UNREACHABLE.has(name)) {
    return `AWS can’t be reached: ${message}. Check the network, AWS_REGION and AWS_ENDPOINT_URL.`;
  }
  if (THROTTLED.test(name)) return `AWS asks to go slower: ${message} Wait a minute, then run it again.`;
  if ('$fault' in error) {
    return `${name}: ${message}${target === undefined ? '' : ` (${target.flag})`}`;
  }
  return undefined;
};
