import type { Instant } from '../../../shared/time/instant.ts';
import type { Target } from '../target.ts';
import { consumersOfOthers } from './restated-services.ts';

interface Restored {
  readonly service: string;
  readonly epoch: number;
  readonly from: Instant;
  /** When the restore was done: what came later waits in the queues. */
  readonly until: Instant;
  readonly copy: string;
  /** Stores whose orders went back. */
  readonly storeIds: readonly string[];
}

/** How to be rid of the copy that a restore made. */
export const goodbyeTo = (copy: string, { stage }: Pick<Target, 'stage'>): string =>
  stage === 'local'
    ? `The copy ${copy} goes with the data folder.`
    : `When nobody needs the copy any more: aws dynamodb delete-table --table-name ${copy}`;

/** What is left to do after a restore, to be typed as it stands. */
export const nextSteps = (
  target: Pick<Target, 'flag' | 'stage' | 'isProtected'>,
  { service, epoch, from, until, copy, storeIds }: Restored,
): readonly string[] => {
  const confirm = target.isProtected ? ` --confirm ${target.stage}` : '';
  const ops = (command: string): string => `npm run ops -- ${command} ${target.flag} --apply${confirm}`;
  const deploy =
    target.stage === 'local'
      ? `Stop the local run and start it again with the options it had, and -c epochs.${service}=${epoch}`
      : `Set epochs.${service} to ${epoch} for ${target.stage} in infra/stage/stages.ts, commit it, and deploy: npx cdk deploy -c stage=${target.stage}`;
  return [
    deploy,
    ops(`resume ${service}`),
    ...consumersOfOthers(service).map((consumer) =>
      ops(`replay --from ${from} --to ${until} --consumer ${consumer}`),
    ),
    ...storeIds.map((storeId) => ops(`reconcile ${storeId}`)),
    // Only where its consumers were paused before, as the runbook says; it does nothing otherwise.
    ...(service === 'metrics' ? [ops('resume goals --only consumers')] : []),
    `npm run ops -- health ${target.flag}`,
    goodbyeTo(copy, target),
  ];
};
