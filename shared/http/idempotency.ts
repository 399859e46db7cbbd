import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { type Actor, actorText } from '../auth/actor.ts';
import { AlreadyExists, BadRequest, IdempotencyKeyReused } from '../errors/errors.ts';
import { derivedId, type IdSchema, newId } from '../ids/id.ts';
import { canonicalText } from '../json/canonical-text.ts';
import type { Clock } from '../time/instant.ts';
import type { RequestFacts } from './route.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

const sha256 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${String(part.length)}:`).update(part);
  return hash.digest('base64url');
};

/**
 * The `Idempotency-Key` header, hashed with caller and route: two callers may pick the same key, and one caller may
 * use one key on two routes. Undefined without the header; throws BadRequest unless it is 1–255 visible ASCII characters.
 */
export const idempotencyKeyOf = (
  header: string | undefined,
  actor: Actor,
  routeKey: string,
): string | undefined => {
  if (header === undefined) return undefined;
  if (!VISIBLE_ASCII.test(header)) {
    throw new BadRequest('The header Idempotency-Key is malformed.', [
      { in: 'header', path: '/Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
    ]);
  }
  return sha256(actorText(actor), routeKey, header);
};

/** What a request asks for, path and body, as a hash that is kept with what it creates. */
export const requestHashOf = (path: string, body: unknown): string => sha256(path, canonicalText(body));

/** The id of what a request creates: always the same for the same idempotency key, new without one. */
export const idOfNew = <Schema extends IdSchema>(
  schema: Schema,
  request: Pick<RequestFacts, 'idempotencyKey'>,
  clock: Clock,
): z.output<Schema> =>
  request.idempotencyKey === undefined
    ? newId(schema, Date.parse(clock.now()))
    : derivedId(schema, request.idempotencyKey);

/** The part of a repository that creates: conditional on there being nothing under that id yet. */
interface Creates<Entity, Stored, Events> {
  create(entity: Entity, events: Events, options: { readonly requestHash?: string }): Promise<Stored>;
}

/**
 * Creates an entity whose id is `idOfNew(…, request)`, once: a repeated request answers with what the first one made,
 * as it stands now, also when the first one's answer was lost. The same key with another body throws IdempotencyKeyReused.
 */
export const createOnce = async <Entity, Stored, Events>(
  repository: Creates<Entity, Stored, Events>,
  entity: Entity,
  request: Pick<RequestFacts, 'idempotencyKey' | 'requestHash'>,
  events: Events,
): Promise<Stored> => {
  if (request.idempotencyKey === undefined) return repository.create(entity, events, {});
  try {
    return await repository.create(entity, events, { requestHash: request.requestHash });
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    if (error.requestHash !== request.requestHash) throw new IdempotencyKeyReused();
    // The repository that threw it reads the same entities that it creates.
    return error.existing as Stored;
  }
};
