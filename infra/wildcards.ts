/**
 * Every permission whose resource is a pattern, and why it can't be narrower. Nothing else in the stack may have
 * one: granting needs an entry here, and a test compares the finished template with this list.
 */
export const wildcards = {
  tracing: {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resource: /^\*$/,
    reason: 'X-Ray knows no resource to write a trace segment to.',
  },
  streamNames: {
    actions: ['dynamodb:ListStreams'],
    resource: /^\*$/,
    reason: 'Lambda lists streams before it reads one, and the action knows no resource.',
  },
  importFiles: {
    actions: ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
    resource: /\/imports\/(team|deals)\/\*$/,
    reason: 'Each import has a file of its own, under the folder of its service.',
  },
  deliveryFiles: {
    actions: ['s3:PutObject', 's3:GetObject'],
    resource: /\/deliveries\/deals\/\*$/,
    reason: 'Each delivery that is too large for the table is a file of its own, under its store’s folder.',
  },
  downloads: {
    actions: ['s3:PutObject', 's3:GetObject'],
    resource: /\/downloads\/(team|deals)\/\*$/,
    reason: 'Each export of records has a file of its own, for a week, under the folder of its service.',
  },
  parkedRecords: {
    actions: ['s3:PutObject'],
    resource: /\/parked\/(team|deals|metrics|goals)\/\*$/,
    reason:
      'Each record that can’t be published is parked as a file of its own, under the folder of its service.',
  },
  auditArchive: {
    actions: ['s3:PutObject'],
    resource: /\/audit\/\*$/,
    reason: 'Each batch of audit entries is archived as a file of its own, named after its events.',
  },
  personalFiles: {
    actions: ['s3:GetObject', 's3:DeleteObject'],
    resource:
      /\/((imports|downloads)\/(team|deals)|deliveries\/deals|parked\/(team|deals|metrics|goals))\/\*$/,
    reason:
      'Whoever is to be erased may stand in any import, export, parked record or large delivery of the service.',
  },
  personalExports: {
    actions: ['s3:PutObject', 's3:GetObject'],
    resource: /\/privacy\/\*$/,
    reason: 'Each export of what is held of a person has a folder of its own, for a week.',
  },
  failedBatches: {
    actions: ['s3:PutObject'],
    resource: /\/aws\/lambda\/\*$/,
    reason: 'Lambda names the files of a stream’s failed batches itself, under this folder.',
  },
  storeSecrets: {
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:PutSecretValue',
      'secretsmanager:GetSecretValue',
    ],
    resource: /:secret:quotaline-(dev|staging|prod)\/stores\/\*$/,
    reason:
      'Stores, and so their webhook secrets, come and go while the system runs; all lie under one name.',
  },
} as const satisfies Record<string, { actions: readonly string[]; resource: RegExp; reason: string }>;

export type WildcardName = keyof typeof wildcards;
