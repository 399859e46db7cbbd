import { Instant } from '../../shared/time/instant.ts';
import { NotUnderstood } from './refusals.ts';

/** The options of one command, as given. Asking for what was given wrongly throws NotUnderstood. */
export class Flags {
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  constructor(values: Readonly<Record<string, string | boolean | undefined>>) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (typeof value !== 'string') return undefined;
    if (value.trim() === '') throw new NotUnderstood(`--${name} is empty.`);
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new NotUnderstood(`--${name} is missing.`);
    return value;
  }

  /** A whole number from 1 to `most`. */
  count(name: string, unlessGiven: number, most: number): number {
    const value = this.text(name);
    if (value === undefined) return unlessGiven;
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new NotUnderstood(`--${name} takes a whole number from 1 to ${most}, not ${value}.`);
  }

  instant(name: string): Instant | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const instant = Instant.safeParse(value);
    if (instant.success) return instant.data;
    throw new NotUnderstood(`--${name} takes an instant such as 2026-11-23T09:30:00Z, not ${value}.`);
  }

  requiredInstant(name: string): Instant {
    this.required(name);
    return this.instant(name) ?? this.#missing(name);
  }

  #missing(name: string): never {
    throw new NotUnderstood(`--${name} is missing.`);
  }
}
