/** How many metrics of their own the services publish, each by service: CloudWatch bills every one. */
export const CUSTOM_METRICS = 40;
