import type { LocalRequest } from '../local-http.ts';

/** Undoes `aws-chunked`: `<size in hex>[;signature]\r\n<bytes>\r\n` … `0\r\n` and trailers, as the SDK sends streams. */
const unchunked = (body: Buffer): Buffer => {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const size = end === -1 ? 0 : Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
};

/** The bytes that were sent, whatever they came in. */
export const contentOf = ({ headers, body }: LocalRequest): Buffer =>
  (headers['content-encoding'] ?? '').includes('aws-chunked') ? unchunked(body) : body;
