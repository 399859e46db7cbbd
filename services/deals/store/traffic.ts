import { defineEntity } from '../../../shared/dynamodb/entity.ts';
import { Traffic } from '../domain/traffic.ts';

export const trafficOfStore = (storeId: string): string => `traffic#store#${storeId}`;

export const trafficEntity = defineEntity<Traffic>({
  type: 'traffic',
  schema: Traffic,
  key: (id) => ({ pk: `traffic#${id}`, sk: 'state' }),
  indexes: ({ storeId, day }) => ({ gsi1pk: trafficOfStore(storeId), gsi1sk: day }),
});
