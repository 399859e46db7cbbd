const isSaid = (term: string): boolean => term.trim() !== '';

const escaped = (term: string): string => term.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/**
 * Whether a text holds one of the terms, as a whole word and in any case. A term is what says who somebody is: an id, an
 * e-mail address, a name.
 */
export const names = (text: string, terms: readonly string[]): boolean =>
  terms
    .filter(isSaid)
    .some((term) => new RegExp(`(?<![\\p{L}\\p{N}])${escaped(term)}(?![\\p{L}\\p{N}])`, 'iu').test(text));
