import { globSync } from 'node:fs';
import type { EventContract } from '../../../shared/events/contract.ts';

const root = new URL('../../../', import.meta.url);

const isContract = (value: unknown): value is EventContract =>
  typeof value === 'object' && value !== null && 'detailType' in value && 'detail' in value;

const modules = await Promise.all(
  globSync('shared/events/*.ts', { cwd: root })
    .sort()
    .map(async (file) => (await import(new URL(file, root).href)) as Record<string, unknown>),
);

/** Every event that the services publish. */
export const allContracts: readonly EventContract[] = modules
  .flatMap((module) => Object.values(module))
  .filter(isContract);
