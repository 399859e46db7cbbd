import { copyOf, type RestatedKind } from '../events/restated.ts';
import type { DirectoryKind } from './items.ts';

const kinds: readonly DirectoryKind[] = ['organization', 'member', 'team', 'territory'];

/** A service's copy of the directory. Team tells it, and nobody else does. */
export const restatedDirectory: readonly RestatedKind[] = kinds.map((kind) => copyOf(`directory-${kind}`));
