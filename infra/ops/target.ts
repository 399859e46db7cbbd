import type { AwsClients } from './aws-clients.ts';
import type { StackNames } from './stack-names.ts';

/** Where a command acts: one deployed stage, or the local run. */
export interface Target {
  /** `dev`, `staging` or `prod`; `local` for the local run. */
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  /** First part of every ARN: `aws`, `aws-cn` … */
  readonly partition: string;
  /** Changes need --confirm <stage>. */
  readonly isProtected: boolean;
  /** CloudFormation’s word for how the last deployment went, as in `UPDATE_COMPLETE`. */
  readonly stackStatus: string;
  readonly names: StackNames;
  /** Of the HTTP API, without a slash at the end. */
  readonly apiUrl: string;
  readonly bus: string;
  readonly bucket: string;
  /** The archive of all events. */
  readonly archive: string;
  readonly aws: AwsClients;
  /** How a command line says this place: `--stage dev`. */
  readonly flag: string;
  /** Milliseconds since 1970, by the clock that its functions see. */
  readonly now: () => number;
}
