import { expect, test } from 'vitest';
import { nextSteps } from '../../../infra/ops/recovery/next-steps.ts';
import { Instant } from '../../../shared/time/instant.ts';

const restored = {
  epoch: 2,
  from: Instant.parse('2026-11-23T09:30:00Z'),
  until: Instant.parse('2026-11-23T11:00:00Z'),
  copy: 'quotaline-prod-deals-restored-20261123T093000Z',
  storeIds: ['store_01JDB0PASTAPR0000000000001'],
};
const prod = { stage: 'prod', flag: '--stage prod', isProtected: true };

test('after deals: deploy the epoch, resume, replay what deals keeps of others, bring the stores level', () => {
  expect(nextSteps(prod, { service: 'deals', ...restored })).toEqual([
    'Set epochs.deals to 2 for prod in infra/stage/stages.ts, commit it, and deploy: npx cdk deploy -c stage=prod',
    'npm run ops -- resume deals --stage prod --apply --confirm prod',
    'npm run ops -- replay --from 2026-11-23T09:30:00.000Z --to 2026-11-23T11:00:00.000Z --consumer deals-directory --stage prod --apply --confirm prod',
    'npm run ops -- reconcile store_01JDB0PASTAPR0000000000001 --stage prod --apply --confirm prod',
    'npm run ops -- health --stage prod',
    'When nobody needs the copy any more: aws dynamodb delete-table --table-name quotaline-prod-deals-restored-20261123T093000Z',
  ]);
});

test('after metrics: all that it listens to is replayed, then goals may look', () => {
  const steps = nextSteps(prod, { service: 'metrics', ...restored, storeIds: [] });
  expect(
    steps.filter((step) => step.includes('--consumer')).map((step) => /--consumer (\S+)/.exec(step)?.[1]),
  ).toEqual(['metrics-directory', 'metrics-facts']);
  expect(steps).toContain('npm run ops -- resume goals --only consumers --stage prod --apply --confirm prod');
});

test('a service’s own work is not replayed: mails would go again, imports start over', () => {
  const consumers = ['team', 'goals', 'deals'].flatMap((service) =>
    nextSteps(prod, { service, ...restored, storeIds: [] }).flatMap(
      (step) => /--consumer (\S+)/.exec(step)?.[1] ?? [],
    ),
  );
  expect(consumers).toEqual(['goals-directory', 'goals-progress', 'deals-directory']);
});

test('in the local run, to deploy is to start it again', () => {
  const local = { stage: 'local', flag: '--local http://localhost:3000', isProtected: false };
  const [deploy, resume] = nextSteps(local, { service: 'goals', ...restored, storeIds: [] });
  expect(deploy).toContain('-c epochs.goals=2');
  expect(resume).toBe('npm run ops -- resume goals --local http://localhost:3000 --apply');
});
