import { expect, test } from 'vitest';
import { baseConfig, ConfigInvalid, parseConfig } from '../../../shared/config/config.ts';

const env = { STAGE: 'test', SERVICE: 'deals', TABLE_NAME: 'quotaline-test-deals' };

test('the environment is read into types, with defaults', () => {
  expect(parseConfig(baseConfig, { ...env, EPOCH: '3', S3_PATH_STYLE: 'true', PATH: '/bin' })).toEqual({
    ...env,
    EPOCH: 3,
    LOG_LEVEL: 'INFO',
    S3_PATH_STYLE: true,
  });
});

test('everything that is missing or wrong is named at once, without values', () => {
  const read = () => parseConfig(baseConfig, { STAGE: 'test', SERVICE: 'hidden-value', EPOCH: '-1' });
  expect(read).toThrow(ConfigInvalid);
  expect(read).toThrow(/SERVICE.*TABLE_NAME.*EPOCH/);
  expect(read).not.toThrow(/hidden-value/);
});
