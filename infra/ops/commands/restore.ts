import * as z from 'zod';
import { newId, EventId } from '../../../shared/ids/id.ts';
import { type Instant, instantFrom } from '../../../shared/time/instant.ts';
import type { Command, Context } from '../command.ts';
import { applyBackup, type Part } from '../recovery/apply-backup.ts';
import { backupTable } from '../recovery/backup-table.ts';
import { Checkpoint } from '../recovery/checkpoint.ts';
import type { Outcome } from '../recovery/decide.ts';
import { readEpochMarker, writeEpochMarker } from '../recovery/epoch-marker.ts';
import { goodbyeTo, nextSteps } from '../recovery/next-steps.ts';
import { restatedService } from '../recovery/restated-services.ts';
import { deployedEpoch, documentsOf, tableNamed } from '../recovery/service-table.ts';
import { Tallies, type Tally } from '../recovery/tally.ts';
import { Failed } from '../refusals.ts';
import { isPaused, serviceState } from '../service-state.ts';
import { table as columns } from '../table.ts';

/** Where a stopped restore goes on. */
const Progress = z.object({
  copy: z.string(),
  epoch: z.int(),
  tallies: z.custom<readonly Tally[]>(Array.isArray),
  parts: z.record(z.string(), z.union([z.literal('finished'), z.record(z.string(), z.unknown())])),
  storeIds: z.array(z.string()),
});
type Progress = z.infer<typeof Progress>;

const isPutBack = (outcome: Outcome): boolean => outcome === 'changed back' || outcome === 'brought back';

const SAY_EVERY = 5_000;
const partName = ({ reading, segment }: Part): string => `${reading} ${segment}`;
const StoreOfOrder = z.object({ data: z.object({ storeId: z.string() }) });

/** The epoch to write under: above all that was ever used, but that of this very restore where it was stopped. */
const raisedEpoch = async (context: Context, service: string, to: Instant): Promise<number> => {
  const live = tableNamed(context, context.target.names.table(service), 0);
  const [deployed, marker] = [await deployedEpoch(context, service), await readEpochMarker(live)];
  if (marker?.status === 'restoring' && marker.restoredTo === to && marker.epoch > deployed)
    return marker.epoch;
  return Math.max(deployed, marker?.epoch ?? 0) + 1;
};

const requirePaused = async ({ target }: Context, service: string): Promise<void> => {
  if (isPaused(await serviceState(target, service))) return;
  throw new Failed(
    `${service} is not paused. Pause it, so that nobody writes meanwhile: npm run ops -- pause ${service} ${target.flag} --apply`,
  );
};

const textOf = (tallies: Tallies): string =>
  columns([
    ['TYPE', 'OUTCOME', 'ITEMS', 'SUCH AS'],
    ...tallies
      .all()
      .map(({ type, outcome, count, samples }) => [
        type,
        outcome,
        String(count),
        outcome === 'same' ? '' : samples.join(', '),
      ]),
  ]);

export const restore: Command = {
  name: 'restore',
  summary: 'Put the table of a service back to an earlier minute, and tell every other service what changed',
  parameters: ['service'],
  options: {
    to: { type: 'string', value: '<instant>', says: 'the minute to go back to, as in 2026-11-23T09:30:00Z' },
  },
  changes: true,
  details: [
    'Read infra/runbooks/restore.md first: a wrong number is mended by republish, rebuild, reconcile or replay.',
    'Without --apply it makes a copy of the table as of that minute, compares, and says what would become of each item;',
    'the service may run meanwhile. With --apply the service must be paused; then the copy’s items go into the live table',
    'under a raised epoch, so that they are news to everyone. It may be stopped at any time; the same command goes on.',
  ].join('\n'),
  async run(context) {
    const { target, args, flags, apply, now, signal, report, progress } = context;
    const service = restatedService(target.names.service(args[0] ?? ''));
    const to = flags.requiredInstant('to');
    const name = target.names.table(service.service);
    if (apply) await requirePaused(context, service.service);
    const epoch = await raisedEpoch(context, service.service, to);
    const copy = await backupTable(context, name, to);
    const live = tableNamed(context, name, epoch);

    const checkpoint = new Checkpoint(`restore ${target.flag} ${copy}`, Progress);
    const found = apply ? checkpoint.read() : undefined;
    const isResumed = found?.copy === copy && found.epoch === epoch;
    const parts: Progress['parts'] = isResumed ? found.parts : {};
    const tallies = new Tallies(isResumed ? found.tallies : []);
    const storeIds = new Set(isResumed ? found.storeIds : []);
    const marker = { epoch, restoredTo: to, at: instantFrom(now()) };
    if (apply) await writeEpochMarker(live, { ...marker, status: 'restoring' });
    if (isResumed) progress('Going on where it was stopped …');

    let compared = 0;
    await applyBackup({
      service,
      documents: documentsOf(context),
      backup: tableNamed(context, copy, epoch),
      live,
      cause: { correlationId: `restore-${newId(EventId, now()).slice(4)}`, actor: 'system' },
      apply,
      signal,
      onDecided(item, outcome) {
        tallies.add(item, outcome);
        if (item.type === 'order' && isPutBack(outcome)) storeIds.add(StoreOfOrder.parse(item).data.storeId);
        compared += 1;
        if (compared % SAY_EVERY === 0) progress(`${compared} items …`);
      },
      onPage(part, lastKey) {
        parts[partName(part)] = lastKey === undefined ? 'finished' : { ...lastKey };
        if (apply) checkpoint.write({ copy, epoch, parts, tallies: tallies.all(), storeIds: [...storeIds] });
      },
      resumeAt: (part) => parts[partName(part)],
    });

    if (!apply) {
      report({ service: service.service, to, epoch, copy, items: tallies.all() }, () =>
        [
          textOf(tallies),
          '',
          `With --apply: ${tallies.count('changed back', 'brought back')} to go back, ` +
            `${tallies.count('told as gone')} to be told as gone, ${tallies.count('removed')} to be removed; ` +
            `${tallies.count('stays')} that differ stay. The epoch rises to ${epoch}.`,
          goodbyeTo(copy, target),
        ].join('\n'),
      );
      return;
    }
    await writeEpochMarker(live, { ...marker, status: 'restored' });
    checkpoint.remove();
    const next = nextSteps(target, {
      service: service.service,
      epoch,
      from: to,
      until: instantFrom(now()),
      copy,
      storeIds: [...storeIds],
    });
    report({ service: service.service, to, epoch, copy, items: tallies.all(), next }, () =>
      [
        textOf(tallies),
        '',
        `${name} is as it was at ${to}. Next, in this order:`,
        ...next.map((step, index) => `  ${index + 1}. ${step}`),
      ].join('\n'),
    );
  },
};
