import type { Cells } from '../../../shared/exports/kind.ts';
import { toMajor } from '../../../shared/money/arithmetic.ts';
import type { Activity } from '../domain/activities/activity.ts';
import { dealOf, type OrderRecord } from '../domain/commerce/order.ts';
import type { Contact } from '../domain/contact.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { Traffic } from '../domain/traffic.ts';

export const contactCells = (contact: Contact): Cells => ({
  id: contact.id,
  externalId: contact.externalIds[0],
  firstName: contact.firstName,
  lastName: contact.lastName,
  email: contact.email,
  phone: contact.phone,
  jobTitle: contact.jobTitle,
  account: contact.accountId,
  role: contact.role,
  notes: contact.notes,
});

export const leadCells = (lead: Lead): Cells => ({
  id: lead.id,
  externalId: lead.externalId,
  status: lead.status,
  score: String(lead.score),
  name: lead.name,
  company: lead.company,
  email: lead.email,
  phone: lead.phone,
  jobTitle: lead.jobTitle,
  source: lead.source,
  country: lead.country,
  region: lead.region,
  postalCode: lead.postalCode,
  industry: lead.industry,
  segment: lead.segment,
  annualRevenue: lead.annualRevenue?.toString(),
  employees: lead.employees?.toString(),
  message: lead.message,
  owner: lead.ownerId,
  createdAt: lead.createdAt,
});

export const activityCells = (activity: Activity): Cells => ({
  id: activity.id,
  externalId: activity.externalId,
  kind: activity.kind,
  owner: activity.ownerId,
  status: activity.status,
  account: activity.accountId,
  contact: activity.contactId,
  lead: activity.leadId,
  deal: activity.dealId,
  occurredAt: activity.occurredAt,
  dueOn: activity.dueOn,
  subjectLine: activity.subjectLine,
  notes: activity.notes,
  outcome: activity.outcome,
  durationMinutes: activity.durationMinutes?.toString(),
  nextStep: activity.nextStep,
});

export const trafficCells = (traffic: Traffic): Cells => ({
  store: traffic.storeId,
  day: traffic.day,
  sessions: String(traffic.sessions),
  visitors: traffic.visitors?.toString(),
  pageViews: traffic.pageViews?.toString(),
  carts: traffic.carts?.toString(),
  checkouts: traffic.checkouts?.toString(),
});

export const feedbackCells = (feedback: Feedback): Cells => ({
  id: feedback.id,
  externalId: feedback.externalId,
  kind: feedback.kind,
  score: String(feedback.score),
  scale: feedback.scale,
  answeredAt: feedback.answeredAt,
  account: feedback.accountId,
  deal: feedback.dealId,
  order: feedback.orderId,
  store: feedback.storeId,
  comment: feedback.comment,
});

/** A row a line, then a row a refund, which gives back one of its net; sums of the whole order stand in its first row alone. */
export const orderCells = (record: OrderRecord): readonly Cells[] => {
  const { snapshot, refunds } = record;
  if (snapshot === undefined) return [];
  const { currency, number, customer, lines, tax, paidAt } = snapshot;
  const major = (amount: number): string => toMajor({ amount, currency });
  const ofOrder = {
    id: record.id,
    store: record.storeId,
    number,
    currency,
    paid: paidAt ?? 'no',
    cancelledAt: snapshot.cancelledAt,
    test: String(snapshot.test),
    customer: customer?.externalId ?? snapshot.customerExternalId,
    customerEmail: customer?.email,
    customerName: customer?.name,
    account: record.attribution?.accountId,
    deal: dealOf(record),
  };
  const sold = lines.map((line, at) => ({
    ...ofOrder,
    sku: line.sku,
    title: line.title,
    quantity: String(line.quantity),
    unitPrice: toMajor(line.unitPrice),
    discount: toMajor(line.discount),
    // Kept of the order as a whole.
    tax: at === 0 ? toMajor(tax) : undefined,
    date: snapshot.placedAt,
  }));
  const back = refunds.map(({ net, total, at }) => ({
    ...ofOrder,
    title: 'Refund',
    quantity: '-1',
    unitPrice: toMajor(net),
    tax: major(total.amount - net.amount),
    date: at,
    refundOf: number,
  }));
  const [first, ...others] = [...sold, ...back];
  const sums = {
    net: toMajor(snapshot.net),
    shipping: toMajor(snapshot.shipping),
    total: toMajor(snapshot.total),
    refunded: major(refunds.reduce((sum, { total }) => sum + total.amount, 0)),
  };
  // One of no lines still was.
  const whole = { ...ofOrder, title: 'Order', quantity: '1', unitPrice: sums.net, date: snapshot.placedAt };
  return [{ ...(first ?? whole), ...sums }, ...others];
};
