import { inject } from 'vitest';

export interface SystemResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed if it is JSON, else the text. */
  readonly body: unknown;
}

export interface SentMail {
  /** RFC 3339. */
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface DeadLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly body: unknown;
}

export interface BusEvent {
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** The whole of Quotaline as a test uses it, from outside: a local run, or a stack deployed to an AWS emulator. */
export interface System {
  /** Where every path of the API begins, without a slash at the end. */
  readonly url: string;
  /** A token with every scope, acting as an administrator. */
  token(): Promise<string>;
  /** A token of the member with this address, as they get it by signing in. Throws when nobody has it. */
  memberToken(email: string): Promise<string>;
  /** A well-formed token with every claim right but issuer and signature. */
  forgedToken(): Promise<string>;
  /** Calls the interface as administrator; a string is sent as it is, anything else as JSON. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<SystemResponse>;
  /** Every mail that went out, oldest first. */
  mail(): Promise<readonly SentMail[]>;
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Waits until streams and queues are drained. Throws, saying what is left, after `timeout` seconds. */
  idle(timeout?: number): Promise<void>;
  /** Puts events on the bus, as a partner would. Throws when one is refused. */
  events(events: readonly BusEvent[]): Promise<void>;
  /** The detail of the newest event of this type that was on the bus since the start. */
  lastEvent(detailType: string): Promise<unknown>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** What API tests need: also systems that run the same functions in another way have it. */
export type Callable = Pick<System, 'request' | 'idle'>;

/** A fresh system: deployed to the emulator of the project `deploy`, else a local run. */
export const startSystem = async (): Promise<System> => {
  const emulator = inject('emulator');
  // Loaded only where they are needed: the one starts processes, the other knows AWS's clients.
  if (emulator === undefined) return (await import('./local-run.ts')).startLocalRun();
  return (await import('../deploy/support/deployed-system.ts')).deploySystem(emulator);
};
