import type { Check } from './finding.ts';

const WITHIN_MS = 10_000;

/** Whether the API answers from outside. */
export const apiCheck: Check = async ({ apiUrl }) => {
  const url = `${apiUrl}/health`;
  const began = performance.now();
  const status = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) }).then(
    (response) => response.status,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const says =
    typeof status === 'number'
      ? `${status} in ${Math.round(performance.now() - began)} ms`
      : `no answer: ${status.cause instanceof Error ? status.cause.message : status.message}`;
  return [{ area: 'api', what: url, says, needsPerson: status !== 200 }];
};
