import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { LocalAnswer, LocalRequest } from '../local-http.ts';
import { AwsError } from './aws-error.ts';

/** What stands in an answer's XML: lists become `<member>` elements, what is undefined is left out. */
export type XmlContent =
  string | number | boolean | undefined | readonly XmlContent[] | { readonly [element: string]: XmlContent };

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const xmlOf = (content: XmlContent): string => {
  if (content === undefined) return '';
  if (typeof content !== 'object')
    return String(content).replaceAll(/[&<>"]/g, (character) => ESCAPED[character] ?? character);
  if (Array.isArray(content))
    return content.map((entry: XmlContent) => `<member>${xmlOf(entry)}</member>`).join('');
  return Object.entries(content)
    .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${xmlOf(inner)}</${name}>`))
    .join('');
};

const answer = (status: number, content: XmlContent): LocalAnswer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${xmlOf(content)}`,
});

/** Serves AWS's Query protocol: a form with an `Action` and its parameters; an AwsError, or input of another shape, is a 400. */
export const awsQuery =
  (call: (action: string, parameters: Readonly<Record<string, string>>) => XmlContent) =>
  (request: LocalRequest): LocalAnswer => {
    const form = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    const { Action: action = '', ...parameters } = form;
    try {
      return answer(200, {
        [`${action}Response`]: {
          [`${action}Result`]: call(action, parameters),
          ResponseMetadata: { RequestId: randomUUID() },
        },
      });
    } catch (error) {
      const refusal =
        error instanceof AwsError
          ? { Type: 'Sender', Code: error.code, Message: error.message }
          : error instanceof z.ZodError
            ? { Type: 'Sender', Code: 'ValidationError', Message: z.prettifyError(error) }
            : undefined;
      if (refusal === undefined) throw error;
      return answer(400, { ErrorResponse: { Error: refusal, RequestId: randomUUID() } });
    }
  };
