import { bigcommerce } from './bigcommerce.ts';
import { custom } from './custom.ts';
import { fitted } from './fitted.ts';
import { medusa } from './medusa.ts';
import type { Platform, PlatformAdapter } from './platform.ts';
import { saleor } from './saleor.ts';
import { shopify } from './shopify.ts';
import { stripe } from './stripe.ts';
import { woocommerce } from './woocommerce.ts';

const fitting = ({ read, orderOf, ...signing }: PlatformAdapter): PlatformAdapter => ({
  ...signing,
  read: (delivery) => fitted(read(delivery)),
  ...(orderOf !== undefined && { orderOf: (answers) => fitted(orderOf(answers)) }),
});

/** One adapter per platform; nothing behind them knows platforms. */
export const platforms: Readonly<Record<Platform, PlatformAdapter>> = {
  shopify: fitting(shopify),
  woocommerce: fitting(woocommerce),
  bigcommerce: fitting(bigcommerce),
  stripe: fitting(stripe),
  medusa: fitting(medusa),
  saleor: fitting(saleor),
  custom: fitting(custom),
};
