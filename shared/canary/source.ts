/** Where the canary's deal comes from. Such a deal counts for this source alone, and only systems may say that of one. */
export const CANARY_SOURCE = 'canary';
