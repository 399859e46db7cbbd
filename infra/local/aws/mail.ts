import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from '../clock.ts';
import { jsonAnswer, jsonBody, type LocalAnswer, type LocalRequest } from '../local-http.ts';
import type { MailFault } from '../faults.ts';
import type { RunnerState } from '../state.ts';

export interface Mail {
  /** RFC 3339, by the local clock. */
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly messageId: string;
}

const Part = z.object({ Data: z.string() });
const Addresses = z.array(z.string()).nullish();

/** The form of SES v2's SendEmail that the stack uses; templates and raw MIME are none of it. */
const SendEmail = z.object({
  FromEmailAddress: z.string(),
  ConfigurationSetName: z.string().nullish(),
  Destination: z.object({ ToAddresses: Addresses, CcAddresses: Addresses, BccAddresses: Addresses }),
  Content: z.object({
    Simple: z.object({
      Subject: Part,
      Body: z.object({ Text: Part.nullish(), Html: Part.nullish() }),
      Headers: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
    }),
  }),
});

const refuse = (message: string, type = 'BadRequestException', status = 400): LocalAnswer =>
  jsonAnswer(status, { message }, { 'x-amzn-errortype': type });

const FAULTS: Readonly<Record<MailFault, LocalAnswer>> = {
  reject: refuse('set by POST /_local/faults', 'MessageRejected'),
  throttle: refuse('set by POST /_local/faults', 'TooManyRequestsException', 429),
};

/**
 * SES v2 with an inbox instead of delivery. It is our own, not a package: a mail that a function was told is sent must still
 * be here after a kill, and the packages keep theirs in memory.
 */
export class Mailbox {
  readonly #state: RunnerState;
  readonly #clock: LocalClock;
  readonly #fault: () => MailFault | undefined;
  readonly #onSent: (configurationSet: string, recipients: readonly string[]) => void;

  constructor(
    state: RunnerState,
    clock: LocalClock,
    parts: {
      /** What is answered instead of taking mails. */
      readonly fault?: () => MailFault | undefined;
      readonly onSent?: (configurationSet: string, recipients: readonly string[]) => void;
    } = {},
  ) {
    this.#state = state;
    this.#clock = clock;
    this.#fault = parts.fault ?? (() => undefined);
    this.#onSent = parts.onSent ?? (() => undefined);
  }

  /** `POST /v2/email/outbound-emails` */
  readonly serve = (request: LocalRequest): LocalAnswer => {
    if (request.method !== 'POST' || request.path !== '/v2/email/outbound-emails') {
      return refuse(`the local run has no ${request.method} ${request.path} of SES`);
    }
    const parsed = SendEmail.safeParse(jsonBody(request));
    if (!parsed.success) return refuse(z.prettifyError(parsed.error));
    const fault = this.#fault();
    if (fault !== undefined) return FAULTS[fault];
    const { FromEmailAddress, ConfigurationSetName, Destination, Content } = parsed.data;
    const { Subject, Body, Headers } = Content.Simple;
    const to = [Destination.ToAddresses, Destination.CcAddresses, Destination.BccAddresses].flatMap(
      (list) => list ?? [],
    );
    if (to.length === 0) return refuse('Destination has no recipients');
    const { messageId } = this.deliver({
      from: FromEmailAddress,
      to,
      subject: Subject.Data,
      text: Body.Text?.Data ?? '',
      html: Body.Html?.Data ?? '',
      headers: Object.fromEntries((Headers ?? []).map(({ Name, Value }) => [Name, Value])),
    });
    this.#onSent(ConfigurationSetName ?? '', to);
    return jsonAnswer(200, { MessageId: messageId });
  };

  /** Puts a mail into the inbox. */
  deliver(given: Omit<Mail, 'at' | 'messageId'>): Mail {
    const mail: Mail = { at: new Date(this.#clock.now()).toISOString(), ...given, messageId: randomUUID() };
    this.#state.db
      .prepare('INSERT INTO mail (message_id, content) VALUES (?, ?)')
      .run(mail.messageId, JSON.stringify(mail));
    return mail;
  }

  /** All mails, oldest first. */
  items(): readonly Mail[] {
    return this.#state.db
      .prepare('SELECT content FROM mail ORDER BY id')
      .all()
      .map((row) => JSON.parse(String(row.content)) as Mail);
  }
}
