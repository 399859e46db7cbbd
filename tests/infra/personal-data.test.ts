import { expect, test } from 'vitest';
import { synthesized } from '../support/synthesized.ts';
import { permissions } from './least-privilege.ts';

/** Functions that may do this to files under the folder, by service and file name. */
const who = (action: string, folder: string): readonly string[] =>
  permissions(synthesized())
    .filter(
      ({ actions, resources }) => actions.includes(action) && resources.some((each) => each.includes(folder)),
    )
    .map(({ fn }) => fn.replace(/Function.*$/, ''))
    .toSorted();

test('the archive of the audit is written by the audit alone, and nobody reads or deletes there', () => {
  expect(who('s3:PutObject', '/audit/*')).toEqual(['TeamAudit']);
  expect(who('s3:GetObject', '/audit/*')).toEqual([]);
  expect(who('s3:DeleteObject', '/audit/*')).toEqual([]);
});

test('files are deleted only where a person may stand in them, each by its own service', () => {
  // The imports themselves take a file away from where it was uploaded to.
  const importing = ['DealsFollowUps', 'DealsImports', 'TeamFollowUps', 'TeamImports'];
  expect(who('s3:DeleteObject', '/imports/')).toEqual(importing);
  for (const service of ['Team', 'Deals', 'Goals', 'Metrics']) {
    const folder = `/parked/${service.toLowerCase()}/*`;
    expect(who('s3:DeleteObject', folder)).toEqual([`${service}FollowUps`]);
  }
});

test('exports of records are written by the jobs of their service, which also find a person in them, and linked to by its API', () => {
  for (const service of ['Team', 'Deals']) {
    const folder = `/downloads/${service.toLowerCase()}/*`;
    expect(who('s3:PutObject', folder)).toEqual([`${service}FollowUps`]);
    expect(new Set(who('s3:GetObject', folder))).toEqual(new Set([`${service}Api`, `${service}FollowUps`]));
    expect(who('s3:DeleteObject', folder)).toEqual([`${service}FollowUps`]);
  }
});

test('large deliveries are written where they come in, read where they are carried out or shown, and deleted for a person’s sake', () => {
  expect(who('s3:PutObject', '/deliveries/deals/*')).toEqual(['DealsPartnerEvents', 'DealsWebhook']);
  expect(who('s3:GetObject', '/deliveries/deals/*')).toEqual(['DealsApi', 'DealsCommerce', 'DealsFollowUps']);
  expect(who('s3:DeleteObject', '/deliveries/deals/*')).toEqual(['DealsFollowUps']);
});

test('what is held of a person is written by each service, and links to it are made by the team’s API alone', () => {
  expect(who('s3:PutObject', '/privacy/*')).toEqual([
    'DealsFollowUps',
    'GoalsFollowUps',
    'MetricsFollowUps',
    'TeamFollowUps',
  ]);
  expect(who('s3:GetObject', '/privacy/*')).toEqual(['TeamApi']);
});
