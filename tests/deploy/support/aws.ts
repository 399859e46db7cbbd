import { REGION, type EmulatorAddress } from './emulator.ts';

/** Signs as the account’s own user, who may do everything. */
export const credentials = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

/** Settings of an AWS client that talks to the emulator: `new SQSClient(awsClient(emulator))`. */
export const awsClient = ({ url }: Pick<EmulatorAddress, 'url'>) => ({
  endpoint: url,
  region: REGION,
  credentials,
});
