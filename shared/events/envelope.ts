import * as z from 'zod';
import type { EventContract, EventOf } from './contract.ts';

/** The received events of several contracts, as a union. */
export type AnyEventOf<Contract extends EventContract> = Contract extends EventContract
  ? EventOf<Contract>
  : never;

/** What EventBridge puts into a queue. Only what we rely on; the rest passes. */
const Envelope = z.object({
  source: z.string(),
  'detail-type': z.string(),
  'replay-name': z.string().optional(),
  detail: z.unknown(),
});

/** Not an event that this place knows. Says what is wrong by path, never with values: they may be personal. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
}

/** Where input differs from its schema, without the input. */
export const issuesOf = (error: z.ZodError): string =>
  error.issues.map(({ path, code }) => `${path.map(String).join('.') || '(all)'}: ${code}`).join('; ');

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidEvent('The body is not JSON.', { cause: error });
  }
};

/** The one contract of these that this source and detail-type mean; another major is another contract. */
const contractFor = <Contract extends EventContract>(
  contracts: readonly Contract[],
  source: string,
  detailType: string,
): Contract | undefined =>
  contracts.find((contract) => contract.detailType === detailType && contract.source === source);

/** Reads one message body as the bus delivers it. @throws InvalidEvent */
export const parseEnvelope = <Contract extends EventContract>(
  body: string,
  contracts: readonly Contract[],
): AnyEventOf<Contract> => {
  const envelope = Envelope.safeParse(parseJson(body));
  if (!envelope.success) throw new InvalidEvent(`Not an event from the bus. ${issuesOf(envelope.error)}`);
  const { source, 'detail-type': detailType, 'replay-name': replay, detail } = envelope.data;
  const contract = contractFor(contracts, source, detailType);
  if (contract === undefined) throw new InvalidEvent(`No contract here for ${detailType} from ${source}.`);
  const parsed = contract.detail.safeParse(detail);
  if (!parsed.success) throw new InvalidEvent(`Not a valid ${detailType}. ${issuesOf(parsed.error)}`);
  return {
    detailType,
    ...parsed.data,
    ...(replay !== undefined && { isReplayed: true }),
  } as AnyEventOf<Contract>;
};

/** Tells which of several contracts a received event holds. */
export const isEvent = <Contract extends EventContract>(
  event: Pick<EventOf, 'detailType'>,
  contract: Contract,
): event is EventOf<Contract> => event.detailType === contract.detailType;

const Traced = z.object({
  detail: z.object({
    metadata: z.object({ correlationId: z.string(), id: z.string(), subject: z.string() }).partial(),
  }),
});

/** What a message that is no valid event still tells of where it belongs; nothing for one that tells nothing. */
export const traceOf = (
  body: string,
): { readonly correlationId?: string; readonly eventId?: string; readonly subject?: string } => {
  try {
    const { id, correlationId, subject } = Traced.parse(JSON.parse(body)).detail.metadata;
    return {
      ...(correlationId !== undefined && { correlationId }),
      ...(id !== undefined && { eventId: id }),
      ...(subject !== undefined && { subject }),
    };
  } catch {
    // Whoever asks is about to report the message as invalid.
    return {};
  }
};
