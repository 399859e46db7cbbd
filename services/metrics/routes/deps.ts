import type { Directory } from '../../../shared/directory/directory.ts';
import type { Clock } from '../../../shared/time/instant.ts';
import type { Buckets } from '../store/buckets.ts';
import type { Names } from '../store/names.ts';

export interface MetricsDeps {
  readonly buckets: Buckets;
  readonly names: Names;
  readonly directory: Directory;
  readonly clock: Clock;
}
