import { devNull } from 'node:os';
import { REGION } from './local-names.ts';

/** A function's own variables, where Cognito's addresses lead to the local sign-in. */
export const localVariables = (
  variables: Readonly<Record<string, string>>,
  url: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      value.replace(/^https:\/\/[^/]+\.amazoncognito\.com(?=\/)/, url),
    ]),
  );

/**
 * What every function finds in its environment beside its own variables: where the services are, and credentials that
 * open nothing. Whatever has no local counterpart leads to an address that says so, never to AWS.
 */
export const functionEnvironment = (
  url: string,
  tablesUrl: string,
  codeCache: string,
): Readonly<Record<string, string>> => ({
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ENDPOINT_URL: `${url}/_aws/none`,
  AWS_ENDPOINT_URL_DYNAMODB: tablesUrl,
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `${url}/_aws/cognito`,
  AWS_ENDPOINT_URL_CLOUDWATCH: `${url}/_aws/cloudwatch`,
  AWS_ENDPOINT_URL_EVENTBRIDGE: `${url}/_aws/events`,
  AWS_ENDPOINT_URL_S3: `${url}/_aws/s3`,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: `${url}/_aws/secrets`,
  AWS_ENDPOINT_URL_SESV2: `${url}/_aws/ses`,
  S3_PATH_STYLE: 'true',
  PLAIN_HTTP_STORES: 'true',
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  NODE_COMPILE_CACHE: codeCache,
});
