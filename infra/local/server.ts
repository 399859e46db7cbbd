import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { control } from './control.ts';
import { GATEWAY_BODY_BYTES, tooLarge } from './gateway.ts';
import { jsonAnswer, readRequest, sendAnswer, type LocalAnswer, type LocalRequest } from './local-http.ts';
import type { Runner } from './runner.ts';

/** The port is taken by somebody else. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
}

/** What functions and callers send to services, uploads above all, is limited by those services; this only keeps memory bounded. */
const SERVICE_BODY_BYTES = 600 * 1024 * 1024;
const AWS = /^\/_aws\/([a-z0-9]+)(\/.*)?$/;

const starting = jsonAnswer(503, { message: 'Service Unavailable' }, { 'retry-after': '1' });

const dispatch = async (runner: Runner, request: LocalRequest): Promise<LocalAnswer> => {
  const aws = AWS.exec(request.path);
  if (aws !== null) {
    const serve = runner.services[aws[1] ?? ''];
    if (serve !== undefined) return serve({ ...request, path: aws[2] ?? '/' });
    return jsonAnswer(501, { message: 'the local run does not have this AWS service' });
  }
  if (request.path === '/_local' || request.path.startsWith('/_local/')) return control(runner, request);
  if (request.path === '/oauth2/token') return runner.signIn.token(request);
  if (request.path === '/.well-known/jwks.json') return runner.signIn.keys();
  return runner.gateway.serve(request);
};

export interface LocalServer {
  readonly port: number;
  /** From now on requests are answered by the runner; until then with 503. */
  serve(runner: Runner): void;
  close(): void;
}

/** Listens on the loopback interface. Throws PortInUse. */
export const listen = async (port: number, onError: (error: unknown) => void): Promise<LocalServer> => {
  let runner: Runner | undefined;
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    const answer = async (): Promise<LocalAnswer> => {
      const limit = incoming.url?.startsWith('/_aws/') === true ? SERVICE_BODY_BYTES : GATEWAY_BODY_BYTES;
      const request = await readRequest(incoming, limit);
      if (runner === undefined) return starting;
      return request === undefined ? tooLarge : dispatch(runner, request);
    };
    answer()
      .catch((error: unknown): LocalAnswer => {
        onError(error);
        return jsonAnswer(500, { message: 'Internal Server Error' });
      })
      .then((ready) => sendAnswer(response, ready))
      .catch(onError);
  });
  await bind(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    serve: (ready) => {
      runner = ready;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

const bind = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE';
      reject(
        isTaken
          ? new PortInUse(`port ${String(port)} is in use: stop what uses it, or take another with --port`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
