import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { StoreId } from '../../../shared/ids/id.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import { Platform } from '../domain/commerce/platform.ts';

/** What a webhook needs to be checked, all in one secret: no table is read before a signature holds. */
const StoreSecret = z.object({ platform: Platform, secrets: z.array(z.string()).min(1).max(2) });
export type StoreSecret = z.infer<typeof StoreSecret>;

/** A rotated secret is in force within this time everywhere. */
const CACHED_MS = 60_000;

/** The webhook secrets of stores, in Secrets Manager under `<prefix><storeId>`. */
export class StoreSecrets {
  readonly #client: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #cache = new Map<StoreId, { readonly until: number; readonly secret: StoreSecret | undefined }>();

  constructor({ client, prefix, clock }: { client: SecretsManagerClient; prefix: string; clock: Clock }) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  /** Undefined for a store that there is not. Answers from memory for up to a minute. */
  async find(storeId: StoreId): Promise<StoreSecret | undefined> {
    const now = Date.parse(this.#clock.now());
    const cached = this.#cache.get(storeId);
    if (cached !== undefined && cached.until > now) return cached.secret;
    const secret = await this.#read(storeId);
    // A store that is not there may be made the next moment: only what exists is remembered.
    if (secret !== undefined) this.#cache.set(storeId, { until: now + CACHED_MS, secret });
    return secret;
  }

  /** Makes the secret; leaves one that is there as it is, so that a repeated creation undoes no rotation. */
  async create(storeId: StoreId, secret: StoreSecret): Promise<void> {
    const name = this.#prefix + storeId;
    try {
      await this.#client.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(secret) }));
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  }

  /** Replaces the secret whole. */
  async replace(storeId: StoreId, secret: StoreSecret): Promise<void> {
    await this.create(storeId, secret);
    await this.#client.send(
      new PutSecretValueCommand({ SecretId: this.#prefix + storeId, SecretString: JSON.stringify(secret) }),
    );
    this.#cache.delete(storeId);
  }

  async #read(storeId: StoreId): Promise<StoreSecret | undefined> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#prefix + storeId }),
      );
      return StoreSecret.parse(JSON.parse(SecretString ?? ''));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}
