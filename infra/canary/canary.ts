import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { Context } from 'aws-lambda';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { parseConfig } from '../../shared/config/config.ts';
import { createLogger } from '../../shared/observability/logger.ts';
import { createMetrics } from '../../shared/observability/metrics.ts';
import { clientToken } from './client-token.ts';
import { publicApi } from './public-api.ts';
import { takeTurn } from './turn.ts';

const config = parseConfig(
  z.object({
    API_URL: z.string().min(1),
    TOKEN_URL: z.string().min(1),
    USER_POOL_ID: z.string().min(1),
    CLIENT_ID: z.string().min(1),
  }),
  process.env,
);
const cognito = new CognitoIdentityProviderClient({ maxAttempts: 2 });
const logger = createLogger();
const metrics = createMetrics();

const CALL_LIMIT_MS = 10_000;
/** What is left of the function's time for taking the win back, and for saying how it went. */
const CLEANING_UP_MS = 15_000;

/**
 * Takes one turn. A turn that fails is told by a log line and a metric, not by an error: Lambda would repeat it, and the next
 * turn comes anyway.
 */
export const handler = async (
  _event: unknown,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
): Promise<void> => {
  const correlationId = context.awsRequestId;
  try {
    const token = await clientToken({
      cognito,
      userPoolId: config.USER_POOL_ID,
      clientId: config.CLIENT_ID,
      tokenUrl: config.TOKEN_URL,
      limitMs: CALL_LIMIT_MS,
    });
    const turn = await takeTurn({
      api: publicApi({ url: config.API_URL, token, correlationId, callLimitMs: CALL_LIMIT_MS }),
      ticks: () => performance.now(),
      pause: async (milliseconds) => pause(milliseconds),
      random: Math.random,
      endsAt: performance.now() + context.getRemainingTimeInMillis() - CLEANING_UP_MS,
    });
    if (turn.outcome === 'succeeded') {
      metrics.count('CanarySucceeded');
      metrics.measure('CanaryLag', turn.lagMs);
    }
    logger.info('The canary has taken its turn', { correlationId, ...turn });
  } catch (error) {
    metrics.count('CanaryFailed');
    const both = error instanceof SuppressedError;
    logger.error('The canary has failed', {
      correlationId,
      error: both ? error.suppressed : error,
      // Taking the win back failed as well.
      ...(both && { afterwards: error.error }),
    });
  } finally {
    metrics.flush();
  }
};
