import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';
import type { RunnerState } from '../state.ts';
import { ACCOUNT, REGION } from '../local-names.ts';

const ARN_PREFIX = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:`;

const Named = z.object({ SecretId: z.string() });
const Create = z.object({
  Name: z.string(),
  SecretString: z.string().optional(),
  ClientRequestToken: z.string().optional(),
});
const Put = z.object({
  SecretId: z.string(),
  SecretString: z.string(),
  ClientRequestToken: z.string().optional(),
});
const Get = z.object({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
});

const nameOf = (secretId: string): string =>
  secretId.startsWith(ARN_PREFIX) ? secretId.slice(ARN_PREFIX.length) : secretId;

/** Secrets Manager: secrets with their current and previous version, which is what rotation needs. */
export class Secrets {
  readonly #state: RunnerState;
  readonly #clock: LocalClock;

  constructor(state: RunnerState, clock: LocalClock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** Runs one operation of the API. Throws AwsError. */
  readonly call = (operation: string, input: unknown): unknown => {
    switch (operation) {
      case 'CreateSecret': {
        const { Name, SecretString = '', ClientRequestToken = randomUUID() } = Create.parse(input);
        if (this.#has(Name))
          throw new AwsError(
            'ResourceExistsException',
            `The operation failed because the secret ${Name} already exists.`,
          );
        return this.#keep(Name, SecretString, ClientRequestToken);
      }
      case 'PutSecretValue':
      case 'UpdateSecret': {
        const { SecretId, SecretString, ClientRequestToken = randomUUID() } = Put.parse(input);
        return this.#keep(this.#existing(SecretId), SecretString, ClientRequestToken);
      }
      case 'GetSecretValue':
        return this.#value(Get.parse(input));
      case 'DescribeSecret': {
        const name = this.#existing(Named.parse(input).SecretId);
        const stages = this.#versions(name).map(
          ({ version, stage }) => [version, stage === null ? [] : [stage]] as const,
        );
        return { ARN: ARN_PREFIX + name, Name: name, VersionIdsToStages: Object.fromEntries(stages) };
      }
      case 'DeleteSecret': {
        const name = this.#existing(Named.parse(input).SecretId);
        this.#state.db.prepare('DELETE FROM secret WHERE name = ?').run(name);
        return { ARN: ARN_PREFIX + name, Name: name, DeletionDate: this.#clock.now() / 1000 };
      }
      default:
        throw new AwsError('InvalidAction', `the local run has no ${operation} of Secrets Manager`);
    }
  };

  #versions(
    name: string,
  ): readonly { version: string; stage: string | null; value: string; created: number }[] {
    const rows = this.#state.db.prepare('SELECT * FROM secret WHERE name = ? ORDER BY created').all(name);
    return rows.map((row) => ({
      version: String(row.version),
      stage: typeof row.stage === 'string' ? row.stage : null,
      value: String(row.value),
      created: Number(row.created),
    }));
  }

  #has(name: string): boolean {
    return this.#versions(name).length > 0;
  }

  #existing(secretId: string): string {
    const name = nameOf(secretId);
    if (!this.#has(name))
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return name;
  }

  #keep(name: string, value: string, version: string): unknown {
    const { db } = this.#state;
    this.#state.transaction(() => {
      db.prepare("UPDATE secret SET stage = NULL WHERE name = ? AND stage = 'AWSPREVIOUS'").run(name);
      db.prepare("UPDATE secret SET stage = 'AWSPREVIOUS' WHERE name = ? AND stage = 'AWSCURRENT'").run(name);
      db.prepare(
        "INSERT OR REPLACE INTO secret (name, version, stage, value, created) VALUES (?, ?, 'AWSCURRENT', ?, ?)",
      ).run(name, version, value, this.#clock.now());
    });
    return { ARN: ARN_PREFIX + name, Name: name, VersionId: version, VersionStages: ['AWSCURRENT'] };
  }

  #value({ SecretId, VersionId, VersionStage = 'AWSCURRENT' }: z.infer<typeof Get>): unknown {
    const name = this.#existing(SecretId);
    const found = this.#versions(name).find(({ version, stage }) =>
      VersionId === undefined ? stage === VersionStage : version === VersionId,
    );
    if (found === undefined) {
      throw new AwsError(
        'ResourceNotFoundException',
        `Secrets Manager can't find the specified secret value for staging label: ${VersionStage}`,
      );
    }
    return {
      ARN: ARN_PREFIX + name,
      Name: name,
      VersionId: found.version,
      SecretString: found.value,
      VersionStages: found.stage === null ? [] : [found.stage],
      CreatedDate: found.created / 1000,
    };
  }
}
