import type { Projection } from '../../shared/events/stream-record.ts';
import { buyerEntity, buyerState } from './commerce/customer-entities.ts';
import { orderEntity } from './commerce/entities.ts';
import { Contact, contactState } from './domain/contact.ts';
import { Buyer } from './domain/commerce/buyer.ts';
import { OrderRecord, orderState } from './domain/commerce/order.ts';
import { Lead, leadState } from './domain/leads/lead.ts';
import { leadEntity } from './store/lead-entity.ts';
import { contactEntity } from './store/contact-entity.ts';

/** What an event of this service tells of its item: mostly the entity itself; an order is put together first. */
export const eventData = ({ type, data, entry }: Projection): unknown => {
  switch (type) {
    case orderEntity.type:
      return { ...orderState(OrderRecord.parse(data)), ...entry.change };
    case contactEntity.type:
      return { ...contactState(Contact.parse(data)), ...entry.change };
    case buyerEntity.type:
      return { ...buyerState(Buyer.parse(data)), ...entry.change };
    case leadEntity.type:
      return { ...leadState(Lead.parse(data)), ...entry.change };
    default:
      return { ...data, ...entry.change };
  }
};
