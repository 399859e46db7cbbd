import { equals } from '../../../shared/dynamodb/expressions.ts';
import { OutboxEntries } from '../../../shared/dynamodb/outbox.ts';
import { ConditionFailed } from '../../../shared/dynamodb/write-errors.ts';
import { restatingOutbox } from '../../../shared/events/restated.ts';
import { busEventOf, OutboxItem } from '../../../shared/events/stream-record.ts';
import { EventId, newId } from '../../../shared/ids/id.ts';
import type { Command, Context } from '../command.ts';
import { findItem, type Found } from '../recovery/find-item.ts';
import { listenersTo } from '../recovery/restated-services.ts';
import { clockOf } from '../recovery/service-table.ts';
import { Failed } from '../refusals.ts';

interface Republished {
  readonly id: string;
  readonly item: string;
  /** Absent where its state has nothing to tell. */
  readonly event?: string;
  readonly eventId?: string;
  readonly version?: number;
  readonly epoch?: number;
  readonly listeners: readonly string[];
  readonly data?: unknown;
}

/** What the relay will publish, as it would; invalid state shows here, not in the relay. */
const planOf = (found: Found, context: Context) => {
  const { kind, item, service } = found;
  const cause = {
    correlationId: `republish-${newId(EventId, context.now()).slice(4)}`,
    actor: 'system',
  } as const;
  const attributes = restatingOutbox(kind, item, cause, clockOf(context));
  if (attributes.outbox === undefined) return undefined;
  const [entry] = OutboxEntries.parse(attributes.outbox);
  if (entry === undefined) return undefined;
  return {
    attributes,
    event: busEventOf(OutboxItem.parse({ ...item, ...attributes }), entry, service.events),
  };
};

const republishOne = async (id: string, context: Context): Promise<Republished> => {
  const found = await findItem(context, id);
  const { kind, item, table } = found;
  const plan = planOf(found, context);
  if (plan === undefined) return { id, item: kind.type, listeners: [] };
  if (context.apply) {
    const key = { pk: String(item.pk), sk: String(item.sk) };
    try {
      await table.update({ key, set: plan.attributes }, equals({ version: item.version }));
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      throw new Failed(
        `${id} was changed this moment, and so told by itself. Look again before you repeat this.`,
      );
    }
  }
  const { detailType, detail } = plan.event;
  const { id: eventId, version, epoch } = detail.metadata;
  const listeners = listenersTo(detailType);
  return { id, item: kind.type, event: detailType, eventId, version, epoch, listeners, data: detail.data };
};

const paragraph = (
  { id, item, event, eventId = '', version, epoch, listeners, data }: Republished,
  apply: boolean,
): string => {
  if (event === undefined) return `${id} (${item}) has nothing to tell as it is now.`;
  const heard = listeners.length === 0 ? 'nobody here listens to it' : `heard by ${listeners.join(', ')}`;
  return [
    `${id}  ${apply ? 'told again' : 'would be told again'} as ${event}, version ${version ?? ''}, epoch ${epoch ?? ''}: ${heard}`,
    ...(apply ? [`  event ${eventId}`] : [`  ${JSON.stringify(data)}`]),
  ].join('\n');
};

export const republish: Command = {
  name: 'republish',
  summary: 'Tell the present state of deals, orders, members, goals … again, to whoever missed it',
  parameters: ['id…'],
  options: {},
  changes: true,
  details: [
    'An id is what events are about: deal_…, order_…, acct_…, prod_…, mem_…, team_…, ter_…, goal_…, alert_…, imp_…, organization,',
    'a day of exchange rates (2026-11-23), or a bucket (bucket:org#2026-11-23#0).',
    'The event bears the version that the item has: who has it already passes it by. What happened is not told again: a won',
    'deal is told as it is, not as won. An import that has not ended goes on; a delivery is carried out again by reconcile.',
  ].join('\n'),
  async run(context) {
    const { args, apply, signal, report } = context;
    const done: Republished[] = [];
    for (const id of new Set(args)) {
      if (signal.aborted) break;
      done.push(await republishOne(id, context));
    }
    report(done, () => done.map((each) => paragraph(each, apply)).join('\n'));
    if (signal.aborted) throw new Failed('Stopped: the ids that are not listed were not told.');
  },
};
