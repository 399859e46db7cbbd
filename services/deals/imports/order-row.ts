import * as z from 'zod';
import type { ImportRow } from '../../../shared/imports/kind.ts';
import type { Currency } from '../../../shared/money/money.ts';
import { Day, Instant, instantFrom } from '../../../shared/time/instant.ts';
import { startOfDay } from '../../../shared/time/zone.ts';
import { netOf, type OrderRow } from '../domain/commerce/order-rows.ts';
import type { OrderField } from './kinds.ts';
import { amountCell } from './amount.ts';
import { optionalCell, quoted, requiredCell, RowRefused } from './row.ts';

const Text = z.string().max(500);
const Quantity = z
  .string()
  .regex(/^-?\d{1,7}(\.0+)?$/, 'must be a whole number, below zero for what is given back')
  .transform(Number);
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** An instant, a day, or a day and a time in the organization's zone. @throws RowRefused */
const instantCell = (
  row: ImportRow<OrderField>,
  field: OrderField,
  timeZone: string,
): Instant | undefined => {
  const text = row.cells[field];
  if (text === undefined) return undefined;
  const instant = Instant.safeParse(text);
  if (instant.success) return instant.data;
  const [, date, hours = '0', minutes = '0', seconds = '0'] = LOCAL.exec(text) ?? [];
  const day = Day.safeParse(date);
  if (!day.success)
    throw new RowRefused(field, `${quoted(text)} must be a date such as 2026-11-20 or 2026-11-20 14:30`);
  const after = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return instantFrom(Date.parse(startOfDay(day.data, timeZone)) + after);
};

const PAID = new Set(['yes', 'true', '1', 'paid', 'y']);
const UNPAID = new Set(['no', 'false', '0', 'unpaid', 'n']);

/** Paid when it was ordered, unless the file says otherwise. */
const paidAtOf = (row: ImportRow<OrderField>, at: Instant, timeZone: string): Instant | undefined => {
  const cell = row.cells.paid;
  if (cell === undefined || PAID.has(cell.toLowerCase())) return at;
  return UNPAID.has(cell.toLowerCase()) ? undefined : instantCell(row, 'paid', timeZone);
};

/** What the row says of its order. @throws RowRefused naming the cell at fault */
export const orderRowOf = (
  row: ImportRow<OrderField>,
  {
    currency,
    timeZone,
    now,
  }: { readonly currency: Currency; readonly timeZone: string; readonly now: Instant },
): OrderRow => {
  const minor = (field: OrderField): number => amountCell(row, field, currency)?.amount ?? 0;
  const quantity = requiredCell(row, 'quantity', Quantity);
  if (quantity === 0) throw new RowRefused('quantity', 'must not be 0');
  requiredCell(row, 'unitPrice', Text);
  const at = instantCell(row, 'date', timeZone);
  if (at === undefined) throw new RowRefused('date', 'is empty');
  if (at > now) throw new RowRefused('date', 'must not be in the future');
  const sku = optionalCell(row, 'sku', Text);
  const email = optionalCell(row, 'customerEmail', z.email('must be an e-mail address'));
  const externalId = optionalCell(row, 'customer', Text);
  const name = optionalCell(row, 'customerName', Text);
  const hasCustomer = externalId !== undefined || email !== undefined || name !== undefined;
  const read: OrderRow = {
    line: row.line,
    sku,
    title: optionalCell(row, 'title', Text) ?? sku ?? 'Order line',
    quantity,
    unitPrice: minor('unitPrice'),
    discount: minor('discount'),
    tax: minor('tax'),
    at,
    paidAt: paidAtOf(row, at, timeZone),
    ...(hasCustomer && {
      customer: {
        ...(externalId !== undefined && { externalId }),
        ...(email !== undefined && { email: email.toLowerCase() }),
        ...(name !== undefined && { name }),
      },
    }),
    accountRef: optionalCell(row, 'account', Text),
    dealRef: optionalCell(row, 'deal', Text),
  };
  if (netOf(read) < 0) throw new RowRefused('discount', 'must not be more than the line comes to');
  if (!Number.isSafeInteger(netOf(read) * 1_000))
    throw new RowRefused('quantity', 'makes more than can be added up exactly');
  return read;
};
