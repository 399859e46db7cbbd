export type Seniority = 'top' | 'director' | 'manager' | 'other';

/** Whole words in a title, in any case; the first kind that fits counts. */
const words: readonly (readonly [Seniority, RegExp])[] = [
  // Below whom they name: no president, and no owner of anything but a product.
  ['director', /\b(vice president|vp|svp|evp)\b/i],
  ['manager', /\b(product owner|partner manager|account manager|assistant to)\b/i],
  [
    'top',
    /\b(chief|c[efmoit]o|cro|cpo|owner|founder|co-?founder|president|partner|managing director|geschäftsführer(in)?|inhaber(in)?|titolare|amministratore)(?![\p{L}])/iu,
  ],
  ['director', /\b(director|head|direttore|direttrice|leiter(in)?|directeur|directrice)(?![\p{L}])/iu],
  ['manager', /\b(manager|lead|supervisor|responsabile|buyer|principal)\b/i],
];

/** What a job title says of how much its bearer decides. */
export const senioritySaid = (jobTitle: string): Seniority =>
  words.find(([, pattern]) => pattern.test(jobTitle))?.[0] ?? 'other';
