import { OrganizationState } from '../events/team.ts';

/** What holds until someone sets up the organization. */
export const defaultOrganization: OrganizationState = OrganizationState.parse({
  name: 'Organization',
  reportingCurrency: 'USD',
  timeZone: 'UTC',
  fiscalYearStartMonth: 1,
  businessDays: [1, 2, 3, 4, 5],
  paceThresholds: { ahead: 1.1, onTrack: 0.95, atRisk: 0.8 },
});
