import {
  CreateSecretCommand,
  GetSecretValueCommand,
  ResourceExistsException,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import type { StoreId } from '../../../shared/ids/id.ts';
import { parseConfig } from '../../../shared/config/config.ts';
import { type Clock, systemClock } from '../../../shared/time/instant.ts';
import { Platform } from '../domain/commerce/platform.ts';
import { StoreAccess } from './store-access.ts';

/** What a webhook needs to be checked, all in one secret: no table is read before a signature holds. */
const StoreSecret = z.object({ platform: Platform, secrets: z.array(z.string()).min(1).max(2) });
export type StoreSecret = z.infer<typeof StoreSecret>;

/** A rotated secret is in force within this time everywhere. */
const CACHED_MS = 60_000;

/** What lets us ask the platform's API; a secret of its own, so that neither has to be read to change the other. */
const Access = StoreAccess.required({ url: true });
export type KeptAccess = z.infer<typeof Access>;

/** The secrets of stores, in Secrets Manager: what webhooks are signed with under `<prefix><storeId>`, access to the API beside it. */
export class StoreSecrets {
  readonly #client: SecretsManagerClient;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #cache = new Map<string, { readonly until: number; readonly secret: unknown }>();

  constructor({ client, prefix, clock }: { client: SecretsManagerClient; prefix: string; clock: Clock }) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  /** From a function’s environment. Throws ConfigInvalid. */
  static of(env: Readonly<Record<string, string | undefined>>): StoreSecrets {
    const { SECRET_PREFIX: prefix } = parseConfig(z.object({ SECRET_PREFIX: z.string().min(1) }), env);
    return new StoreSecrets({ client: new SecretsManagerClient(), prefix, clock: systemClock });
  }

  /** Undefined for a store that there is not. Answers from memory for up to a minute. */
  async find(storeId: StoreId): Promise<StoreSecret | undefined> {
    return this.#find(storeId, StoreSecret);
  }

  /** Undefined for a store without access to its API. Answers from memory for up to a minute. */
  async findAccess(storeId: StoreId): Promise<KeptAccess | undefined> {
    return this.#find(accessName(storeId), Access);
  }

  /** Makes the secret; leaves one that is there as it is, so that a repeated creation undoes no rotation. */
  async create(storeId: StoreId, secret: StoreSecret): Promise<void> {
    await this.#create(storeId, secret);
  }

  /** Replaces the secret whole. */
  async replace(storeId: StoreId, secret: StoreSecret): Promise<void> {
    await this.#replace(storeId, secret);
  }

  /** Gives access, and leaves what is there as it is: a repeated creation undoes no rotation. */
  async createAccess(storeId: StoreId, access: KeptAccess): Promise<void> {
    await this.#create(accessName(storeId), access);
  }

  async replaceAccess(storeId: StoreId, access: KeptAccess): Promise<void> {
    await this.#replace(accessName(storeId), access);
  }

  async #find<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const now = Date.parse(this.#clock.now());
    const cached = this.#cache.get(name);
    if (cached !== undefined && cached.until > now) return schema.parse(cached.secret);
    const secret = await this.#read(name);
    if (secret === undefined) return undefined;
    // A store that is not there may be made the next moment: only what exists is remembered.
    this.#cache.set(name, { until: now + CACHED_MS, secret });
    return schema.parse(secret);
  }

  async #create(name: string, secret: object): Promise<void> {
    try {
      await this.#client.send(
        new CreateSecretCommand({ Name: this.#prefix + name, SecretString: JSON.stringify(secret) }),
      );
    } catch (error) {
      if (!(error instanceof ResourceExistsException)) throw error;
    }
  }

  async #replace(name: string, secret: object): Promise<void> {
    await this.#create(name, secret);
    await this.#client.send(
      new PutSecretValueCommand({ SecretId: this.#prefix + name, SecretString: JSON.stringify(secret) }),
    );
    this.#cache.delete(name);
  }

  async #read(name: string): Promise<unknown> {
    try {
      const { SecretString } = await this.#client.send(
        new GetSecretValueCommand({ SecretId: this.#prefix + name }),
      );
      return JSON.parse(SecretString ?? 'null') ?? undefined;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}

const accessName = (storeId: StoreId): string => `${storeId}-api`;
