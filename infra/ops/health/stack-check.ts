import type { Check } from './finding.ts';

const WELL = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** How the last deployment went. */
export const stackCheck: Check = ({ names, stackStatus }) =>
  Promise.resolve([
    {
      area: 'stack',
      what: names.prefix,
      says: stackStatus,
      needsPerson: !WELL.has(stackStatus) && !stackStatus.endsWith('_IN_PROGRESS'),
    },
  ]);
