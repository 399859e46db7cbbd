import type { SettingsChangeData } from '../events/settings-change.ts';

type Change = Pick<SettingsChangeData, 'before' | 'after'>;

export const changesCurrency = ({ before, after }: Change): boolean =>
  before.reportingCurrency !== after.reportingCurrency;

export const changesZone = ({ before, after }: Change): boolean => before.timeZone !== after.timeZone;

export const changesFiscalYear = ({ before, after }: Change): boolean =>
  before.fiscalYearStartMonth !== after.fiscalYearStartMonth;
