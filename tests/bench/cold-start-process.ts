import { pathToFileURL } from 'node:url';

/*
 * A process of its own for one cold start: loads the bundle named on the command line, hands it one event and tells its
 * parent how long both took. Nothing else is loaded here, so that nothing is warm.
 */
interface Bundle {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
}

interface Handled {
  readonly loadMs: number;
  readonly answerMs: number;
  readonly answer: unknown;
}

process.once('message', (message: { readonly event: unknown; readonly context: object }) => {
  const measure = async (): Promise<Handled> => {
    const started = performance.now();
    const bundle = (await import(pathToFileURL(process.argv[2] ?? '').href)) as Bundle;
    const loaded = performance.now();
    const answer = await bundle.handler(message.event, {
      ...message.context,
      getRemainingTimeInMillis: () => 10_000,
    });
    return { loadMs: loaded - started, answerMs: performance.now() - loaded, answer };
  };
  measure().then(
    (handled) => process.send?.(handled, () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.('ready');
