import { EventId, newId } from '../../../shared/ids/id.ts';
import type { Command, Context } from '../command.ts';
import { rebuildBuckets, type Rebuilt } from '../recovery/rebuild-buckets.ts';
import type { Difference } from '../recovery/recompute.ts';
import { documentsOf, serviceTable } from '../recovery/service-table.ts';
import { Failed } from '../refusals.ts';
import { serviceState } from '../service-state.ts';

const SHOWN_NUMBERS = 4;

const requirePaused = async ({ target }: Context): Promise<void> => {
  const { consumers } = await serviceState(target, 'metrics');
  const running = consumers.filter(({ state }) => state !== 'Disabled').map(({ queue }) => queue);
  if (running.length === 0) return;
  throw new Failed(
    [
      `${running.join(' and ')} would change numbers meanwhile. Let events wait first, and resume afterwards:`,
      `  npm run ops -- pause metrics --only consumers ${target.flag} --apply`,
      `  npm run ops -- resume metrics --only consumers ${target.flag} --apply`,
    ].join('\n'),
  );
};

const line = ({ bucket, finding, numbers }: Difference): string => {
  const entries = Object.entries(numbers);
  const shown = entries
    .slice(0, SHOWN_NUMBERS)
    .map(([name, { live, recomputed }]) => `${name} ${live}, should be ${recomputed}`);
  const more = entries.length > SHOWN_NUMBERS ? `; ${entries.length - SHOWN_NUMBERS} more` : '';
  return `  ${bucket}  ${finding}: ${shown.join('; ')}${more}`;
};

const textOf = ({ facts, buckets, largest }: Rebuilt, apply: boolean): string => {
  const { equal, differing, missing, surplus } = buckets;
  return [
    `${facts} facts come to ${equal + differing + missing} buckets: ${equal} equal, ${differing} differing, ` +
      `${missing} missing; ${surplus} surplus.`,
    ...(largest.length === 0 ? [] : ['The largest differences:', ...largest.map(line)]),
    ...(apply && largest.length > 0 ? ['Those that differed were written, and goals are told.'] : []),
  ].join('\n');
};

export const rebuildMetrics: Command = {
  name: 'rebuild metrics',
  summary: 'Add all facts up anew, compare the buckets with that, and write those that differ',
  parameters: [],
  options: {},
  changes: true,
  details: [
    'The consumers of metrics must be paused, or their folding would look like a difference; reports go on meanwhile.',
    'Facts are what metrics knows of deals and orders. Where a fact itself is missing or old, republish its deal, or replay.',
    'A dry run exits with 1 when something differs. It may be stopped at any time, and begins anew then.',
  ].join('\n'),
  async run(context) {
    const { apply, now, signal, report, progress } = context;
    await requirePaused(context);
    const rebuilt = await rebuildBuckets({
      documents: documentsOf(context),
      table: await serviceTable(context, 'metrics'),
      cause: { correlationId: `rebuild-${newId(EventId, now()).slice(4)}`, actor: 'system' },
      apply,
      signal,
      progress,
    });
    report(rebuilt, () => textOf(rebuilt, apply));
    const { differing, missing, surplus } = rebuilt.buckets;
    const wrong = differing + missing + surplus;
    if (!apply && wrong > 0) throw new Failed(`${wrong} buckets are not what their facts come to.`);
  },
};
