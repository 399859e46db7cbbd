import type { Place } from './command-line.ts';
import { deployedTarget } from './deployed-target.ts';
import { localTarget } from './local-target.ts';
import type { Target } from './target.ts';

/** Looks the place up. Throws Failed when it isn’t there, or isn’t the one that the stage’s settings say. */
export const targetOf = (place: Place): Promise<Target> =>
  place.kind === 'local' ? localTarget(place.url) : deployedTarget(place.stage);
