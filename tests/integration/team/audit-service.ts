import type { PutObjectCommand } from '@aws-sdk/client-s3';
import { auditArchive } from '../../../services/team/audit/archive.ts';
import { recordChanges } from '../../../services/team/audit/record.ts';
import { listAudit } from '../../../services/team/routes/audit.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { Actor, EventContract, EventOf } from '../../../shared/events/contract.ts';
import { EventId, newId } from '../../../shared/ids/id.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { Instant, instantFrom } from '../../../shared/time/instant.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';

const START = Date.parse('2026-11-23T09:30:00Z');

/** An event about a subject, a minute after its start for each version. */
export const changeOf = (
  { detailType }: EventContract,
  {
    subject,
    version,
    actor = 'mem_ada',
    epoch = 0,
  }: { subject: string; version: number; actor?: Actor; epoch?: number },
  data: unknown,
): EventOf => {
  const at = START + version * 60_000;
  return {
    detailType,
    metadata: {
      id: newId(EventId, at),
      time: Instant.parse(instantFrom(at)),
      correlationId: `request-${String(version)}`,
      actor,
      subject,
      version,
      epoch,
    },
    data,
  };
};

export interface AuditService {
  readonly record: (events: readonly EventOf[]) => Promise<void>;
  readonly call: CallApi;
  /** What was archived, by key. */
  readonly archived: ReadonlyMap<string, Uint8Array>;
}

/** The audit over a real table, and an archive in memory. */
export const auditService = (table: Table): AuditService => {
  const archived = new Map<string, Uint8Array>();
  const send = async ({ input }: PutObjectCommand) => {
    if (!(input.Body instanceof Uint8Array)) throw new TypeError('the archive takes bytes');
    archived.set(input.Key ?? '', input.Body);
    return Promise.resolve({ $metadata: {} });
  };
  const archive = auditArchive({ send }, 'bucket');
  const handler = apiHandler({ service: 'team', routes: [listAudit], deps: () => ({ table }) });
  return {
    record: async (events) => recordChanges(events, { table, archive }),
    call: callApi(handler, [listAudit]),
    archived,
  };
};
