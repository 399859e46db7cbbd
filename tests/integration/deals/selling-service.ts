import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { apiRoutes } from '../../../services/deals/api.ts';
import { deliveryEntity, orderEntity, storeEntity } from '../../../services/deals/commerce/entities.ts';
import { DeliveryBodies } from '../../../services/deals/commerce/delivery-bodies.ts';
import { StoreDays } from '../../../services/deals/commerce/store-days.ts';
import { StoreSecrets } from '../../../services/deals/commerce/store-secrets.ts';
import type { CustomerDeps } from '../../../services/deals/routes/customers.ts';
import type { OrderDealDeps } from '../../../services/deals/routes/order-deal.ts';
import { orderBooks } from '../../../services/deals/commerce/order-books.ts';
import type { OrderDeps } from '../../../services/deals/routes/orders.ts';
import type { StoreOperationDeps } from '../../../services/deals/routes/store-operations.ts';
import type { StoreDeps } from '../../../services/deals/routes/stores.ts';
import { type SellingDeps, sellingDeps } from '../../../services/deals/selling-deps.ts';
import { admitPresent } from '../../../shared/auth/admission.ts';
import { Directory, storeDirectoryEvent } from '../../../shared/directory/directory.ts';
import { Repository } from '../../../shared/dynamodb/repository.ts';
import type { Table } from '../../../shared/dynamodb/table.ts';
import type { EventContract } from '../../../shared/events/contract.ts';
import { ImportAdvanced } from '../../../shared/events/deals.ts';
import {
  MemberAdded,
  type MemberState,
  OrganizationUpdated,
  type OrganizationState,
  TeamChanged,
  type TeamState,
  TerritoryChanged,
  type TerritoryState,
} from '../../../shared/events/team.ts';
import { apiHandler } from '../../../shared/http/api-handler.ts';
import { derivedId, EventId, MemberId, TeamId, TerritoryId } from '../../../shared/ids/id.ts';
import type { ExportDeps } from '../../../shared/exports/routes.ts';
import type { ImportDeps } from '../../../shared/imports/routes.ts';
import { Imports } from '../../../shared/imports/storage.ts';
import { Currency } from '../../../shared/money/money.ts';
import { Day, Instant, instantFrom } from '../../../shared/time/instant.ts';
import { callApi, type CallApi } from '../../support/call-api.ts';
import { startDynoxide } from '../../support/dynoxide.ts';
import { storedObjects } from '../../support/stored-objects.ts';

export const NOW = '2026-11-23T15:30:00.000Z';

const memberId = (name: string) => derivedId(MemberId, name);
/** Northeast and Southeast under East; Giulia manages East, Ada and Bob sell in the Northeast, Carl in the Southeast. */
export const ids = {
  east: derivedId(TeamId, 'east'),
  northeast: derivedId(TeamId, 'northeast'),
  southeast: derivedId(TeamId, 'southeast'),
  atlantic: derivedId(TerritoryId, 'atlantic'),
  giulia: memberId('Giulia Conti'),
  ada: memberId('Ada Marsh'),
  bob: memberId('Bob Stone'),
  carl: memberId('Carl Reed'),
};

export const organization: OrganizationState = {
  name: 'PastaPro',
  reportingCurrency: Currency.parse('USD'),
  timeZone: 'America/New_York',
  fiscalYearStartMonth: 1,
  businessDays: [1, 2, 3, 4, 5],
  paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
};

const member = (id: MemberId, name: string, teamId: TeamId, role: MemberState['role']): MemberState => ({
  id,
  name,
  email: `${name.toLowerCase().replace(' ', '.')}@pastapro.example`,
  role,
  status: 'active',
  memberships: [{ teamId, from: Day.parse('2026-01-01') }],
  territoryIds: [ids.atlantic],
  rampMonths: 0,
});

export const members = {
  giulia: member(ids.giulia, 'Giulia Conti', ids.east, 'manager'),
  ada: member(ids.ada, 'Ada Marsh', ids.northeast, 'rep'),
  bob: member(ids.bob, 'Bob Stone', ids.northeast, 'rep'),
  carl: member(ids.carl, 'Carl Reed', ids.southeast, 'rep'),
};

const teams: readonly TeamState[] = [
  { id: ids.east, name: 'East', managerId: ids.giulia },
  { id: ids.northeast, name: 'Northeast', parentTeamId: ids.east },
  { id: ids.southeast, name: 'Southeast', parentTeamId: ids.east },
];
const territories: readonly TerritoryState[] = [{ id: ids.atlantic, name: 'Atlantic', ownerIds: [ids.ada] }];

/** Tells the service's directory of something, as an event of the team service would. */
export const tell = async (
  table: Table,
  contract: EventContract,
  subject: string,
  data: object,
  version = 1,
): Promise<void> => {
  await storeDirectoryEvent(table, {
    detailType: contract.detailType,
    metadata: {
      id: derivedId(EventId, subject, String(version)),
      time: Instant.parse(NOW),
      correlationId: 'test',
      actor: 'system',
      subject,
      version,
      epoch: 0,
    },
    data,
  });
};

export interface SellingService {
  /** Where imports and exports keep their files: the bucket is `bucket`. */
  readonly files: ReturnType<typeof storedObjects>;
  readonly table: Table;
  readonly call: CallApi;
  readonly clock: { time: number };
  stop(): Promise<void>;
}

/** What a member's token claims. */
export const as = (id: MemberId, role: MemberState['role']) => ({
  claims: { member_id: id, role, scope: 'sales/deals.read sales/deals.write' },
});

export const tellOrganization = async (table: Table): Promise<void> => {
  await tell(table, OrganizationUpdated, 'organization', organization);
  for (const each of teams) await tell(table, TeamChanged, each.id, each);
  for (const each of territories) await tell(table, TerritoryChanged, each.id, each);
  for (const each of Object.values(members)) await tell(table, MemberAdded, each.id, each);
};

/** The selling part of the service over a real table, whose directory knows the organization above. */
export const startSellingService = async (): Promise<SellingService> => {
  const dynoxide = await startDynoxide();
  const time = { time: Date.parse(NOW) };
  const clock = { now: () => instantFrom(time.time) };
  const table = await dynoxide.table({ clock });
  await tellOrganization(table);
  const directory = new Directory(table);
  // Never called: stores have tests of their own.
  const secrets = new StoreSecrets({ client: new SecretsManagerClient(), prefix: 'test/', clock });
  const files = storedObjects();
  const storage = {
    table,
    s3: files.s3,
    bucket: 'bucket',
    service: 'deals',
    advanced: ImportAdvanced,
  } as const;
  const handler = apiHandler<
    SellingDeps &
      ImportDeps &
      ExportDeps &
      StoreDeps &
      OrderDeps &
      OrderDealDeps &
      CustomerDeps &
      StoreOperationDeps
  >({
    service: 'deals',
    routes: apiRoutes,
    clock,
    admit: admitPresent(async (id) => directory.member(id)),
    deps: ({ cause, actor }) => ({
      ...sellingDeps({ table, directory, cause, actor, clock }),
      imports: new Imports(storage, cause),
      exportStorage: storage,
      stores: new Repository(table, storeEntity, cause),
      orders: new Repository(table, orderEntity, cause),
      ...orderBooks({ table, directory, cause }),
      secrets,
      plainHttp: false,
      deliveries: new Repository(table, deliveryEntity, cause),
      bodies: new DeliveryBodies(storedObjects().s3, 'bucket'),
      storeDays: new StoreDays(table),
    }),
  });
  return { table, files, call: callApi(handler, apiRoutes), clock: time, stop: async () => dynoxide.stop() };
};
