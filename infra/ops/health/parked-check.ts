import { parkedFiles } from '../parked.ts';
import type { Check } from './finding.ts';

/** Records that never reached the bus wait in the bucket until somebody has looked at them. */
export const parkedCheck: Check = async (target) => {
  const files = await parkedFiles(target, undefined);
  return [
    { area: 'parked', what: target.bucket, says: `${files.length} files`, needsPerson: files.length > 0 },
  ];
};
