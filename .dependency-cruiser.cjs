/** The arrows of the architecture: functions → routes → domain; everything may use shared; nobody else knows the CDK. */
const service = '^services/([^/]+)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-knows-no-service',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(services|infra|tests)/' },
    },
    {
      name: 'services-know-nothing-of-each-other',
      severity: 'error',
      from: { path: service },
      to: { path: '^services/', pathNot: '^services/$1/' },
    },
    {
      name: 'services-know-no-infra',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(infra|tests)/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'Business rules use no AWS SDK, no I/O and no Node module.',
      severity: 'error',
      from: { path: '^services/[^/]+/domain/' },
      to: {
        path: '(@aws-sdk|@aws-lambda-powertools|@middy|^services/[^/]+/(routes|functions|store)|^shared/(dynamodb|http))',
      },
    },
    {
      name: 'domain-uses-no-node-io',
      severity: 'error',
      from: { path: '^services/[^/]+/domain/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'nothing-imports-functions',
      comment: 'A function is a composition root: it is deployed, never imported.',
      severity: 'error',
      from: { path: '^(services|shared|infra)/' },
      to: { path: '^(services/[^/]+|shared/http)/functions/' },
    },
    {
      name: 'routes-know-no-functions',
      severity: 'error',
      from: { path: '^services/[^/]+/routes/' },
      to: { path: '^services/[^/]+/functions/' },
    },
    {
      name: 'only-infra-knows-the-cdk',
      severity: 'error',
      from: { path: '^(services|shared)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'product-code-uses-no-dev-dependency',
      severity: 'error',
      from: { path: '^(services|shared)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(node:)?sqlite$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
