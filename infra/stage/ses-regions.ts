/**
 * Where SES (API v2) sends mail: the endpoints of service `email` in botocore 1.43.106, which agree with the regions
 * whose CloudFormation knows AWS::SES::EmailIdentity (cfn-lint's schemas). Read on 2026-11-24; the current list is
 * https://docs.aws.amazon.com/general/latest/gr/ses.html.
 */
export const sesRegions: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-5',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eusc-de-east-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-west-1',
  'us-west-2',
]);
