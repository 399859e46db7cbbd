/**
 * What became of an event that a consumer took in. `merged`: a newer one of its subject came in the same batch and was taken
 * instead. `duplicate`: the very same version was there, or its work was done. `stale`: a newer version was there.
 */
export type Outcome = 'done' | 'merged' | 'duplicate' | 'stale' | 'irrelevant' | 'unreadable';

interface Version {
  readonly epoch: number;
  readonly version: number;
}

/** Why an event is no news beside what is kept of its subject; `kept` as read from an item. */
export const droppedBeside = (
  event: Version,
  kept: Readonly<Record<string, unknown>> | Version | undefined,
): 'duplicate' | 'stale' =>
  kept?.epoch === event.epoch && kept.version === event.version ? 'duplicate' : 'stale';
