import type { LocalAnswer } from '../local-http.ts';

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>]/g, (character) => ESCAPED[character] ?? character);

/** An answer of S3. */
export const xmlAnswer = (content: string, status = 200): LocalAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${content}`,
});

/** An error of S3. */
export const xmlError = (status: number, code: string, message: string): LocalAnswer =>
  xmlAnswer(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`, status);
