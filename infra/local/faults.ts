import * as z from 'zod';
import type { FunctionSpec } from './stack-functions.ts';

const FUNCTION_FAULTS = ['error', 'throttle'] as const;
const MAIL_FAULTS = ['reject', 'throttle'] as const;
export type FunctionFault = (typeof FUNCTION_FAULTS)[number];
export type MailFault = (typeof MAIL_FAULTS)[number];

export const FaultBody = z.union([
  z.strictObject({ function: z.string(), fault: z.enum(FUNCTION_FAULTS).nullable() }),
  z.strictObject({ mail: z.enum(MAIL_FAULTS).nullable() }),
]);

/** A fault of a function that the stack does not have. */
export class UnknownFunction extends Error {
  override readonly name = 'UnknownFunction';
}

/** What fails because somebody wants to see how the system takes it. Nothing of it outlives the run. */
export class Faults {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #functions = new Map<string, FunctionFault>();
  /** What SES answers instead of taking a mail. */
  mail: MailFault | undefined;

  constructor(functions: readonly FunctionSpec[]) {
    this.#labels = new Map(functions.map(({ name, label }) => [name, label]));
  }

  /** The fault of a function, by its whole name. */
  of(functionName: string): FunctionFault | undefined {
    return this.#functions.get(functionName);
  }

  /** Takes a fault up, or with null away; functions go by their label, `deals-relay`, or their whole name. Throws UnknownFunction. */
  set(body: z.infer<typeof FaultBody>): void {
    if ('mail' in body) {
      this.mail = body.mail ?? undefined;
      return;
    }
    const name = [...this.#labels].find(([whole, label]) => [whole, label].includes(body.function))?.[0];
    if (name === undefined) {
      const known = [...this.#labels.values()].join(', ');
      throw new UnknownFunction(`there is no function ${body.function}; there are ${known}`);
    }
    if (body.fault === null) this.#functions.delete(name);
    else this.#functions.set(name, body.fault);
  }

  list(): readonly (
    { readonly function: string; readonly fault: FunctionFault } | { readonly mail: MailFault }
  )[] {
    const functions = [...this.#functions].map(([name, fault]) => ({
      function: this.#labels.get(name) ?? name,
      fault,
    }));
    return this.mail === undefined ? functions : [...functions, { mail: this.mail }];
  }
}
