/** What functions were used for since the last taking: what AWS counts when it bills them. */
export interface Usage {
  readonly apiRequests: number;
  readonly events: number;
  readonly eventBytes: number;
  readonly messages: number;
  readonly batches: number;
  /** By the function's full name. */
  readonly invocations: Readonly<Record<string, number>>;
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** Counts invocations, events and messages as they happen. */
export class UsageMeter {
  #invocations = new Map<string, number>();
  #milliseconds = new Map<string, number>();
  #counts = { apiRequests: 0, events: 0, eventBytes: 0, messages: 0, batches: 0 };

  invoked(functionName: string, milliseconds: number): void {
    this.#invocations.set(functionName, (this.#invocations.get(functionName) ?? 0) + 1);
    this.#milliseconds.set(functionName, (this.#milliseconds.get(functionName) ?? 0) + milliseconds);
  }

  requested(): void {
    this.#counts.apiRequests += 1;
  }

  /** Events put on the bus by one call, and the bytes of the call. */
  published(events: number, bytes: number): void {
    this.#counts.events += events;
    this.#counts.eventBytes += bytes;
  }

  /** A batch of messages handed to a function. */
  consumed(messages: number): void {
    this.#counts.messages += messages;
    this.#counts.batches += 1;
  }

  take(): Usage {
    const taken = {
      ...this.#counts,
      invocations: Object.fromEntries(this.#invocations),
      milliseconds: Object.fromEntries(this.#milliseconds),
    };
    this.#invocations = new Map();
    this.#milliseconds = new Map();
    this.#counts = { apiRequests: 0, events: 0, eventBytes: 0, messages: 0, batches: 0 };
    return taken;
  }
}
