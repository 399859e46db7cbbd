/** A refusal by its AWS name. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = code;
    this.code = code;
  }
}

/** An operation of a service that the local run answers, but not that one. */
export const noSuchOperation = (service: string, operation: string): AwsError =>
  new AwsError('UnknownOperationException', `the local run has no ${operation} of ${service}`);
