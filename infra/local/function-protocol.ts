/** What a worker thread is told when it starts. */
export interface WorkerSetup {
  /** URL of the bundle's module. */
  readonly bundle: string;
  /** Name of the export to call. */
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  /** How its lines are marked in the log, such as `deals-api`. */
  readonly label: string;
  /** Descriptor of the log file, opened for appending by the main thread. */
  readonly logFile: number;
  /** One float: milliseconds that the clock is ahead of the machine's. */
  readonly clock: SharedArrayBuffer;
}

export interface ToWorker {
  readonly requestId: string;
  /** The event as JSON. */
  readonly event: string;
  /** Machine time in milliseconds since the epoch. */
  readonly deadline: number;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'metrics'; /** As written, in the embedded metric format. */ readonly line: string }
  | { readonly kind: 'done'; /** JSON */ readonly result: string }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string };
