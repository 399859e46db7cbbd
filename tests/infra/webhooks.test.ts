import { expect, test } from 'vitest';
import { stages } from '../../infra/stage/stages.ts';
import { at, listOf, ofType, synthesized } from '../support/synthesized.ts';

const template = synthesized();
const only = (type: string) => ofType(template, type)[0]?.[1].Properties;

test('webhooks have a throttle of their own, and no other route has one', () => {
  const { api, webhooks } = stages.dev.throttle;
  const stage = only('AWS::ApiGatewayV2::Stage');
  expect(stage?.RouteSettings).toEqual({
    'POST /v1/webhooks/{storeId}': {
      ThrottlingRateLimit: webhooks.rate,
      ThrottlingBurstLimit: webhooks.burst,
    },
  });
  expect(stage?.DefaultRouteSettings).toMatchObject({
    ThrottlingRateLimit: api.rate,
    ThrottlingBurstLimit: api.burst,
  });
});

test('large deliveries leave the bucket with the items that name them', () => {
  const rules = listOf(at(only('AWS::S3::Bucket'), 'LifecycleConfiguration', 'Rules'));
  expect(rules).toContainEqual(expect.objectContaining({ Prefix: 'deliveries/', ExpirationInDays: 30 }));
});
