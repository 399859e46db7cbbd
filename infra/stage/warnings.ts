import { isPlaceholder } from './placeholder.ts';
import type { StageConfig } from './settings.ts';

interface Warning {
  readonly name: string;
  /** What won't work, and what to write. */
  readonly says: string;
}

/** What may be meant like this, but is told on every synth. */
export const warningsOf = (stage: StageConfig): readonly Warning[] => {
  const warning = (holds: boolean, name: string, says: string): readonly Warning[] =>
    holds ? [{ name, says }] : [];
  return [
    ...warning(
      isPlaceholder(stage.mailFrom),
      'placeholder-sender',
      `No mail will go out from ${stage.mailFrom}, which is nobody’s: give your own address with -c mailFrom=…`,
    ),
    ...warning(
      isPlaceholder(stage.alarmEmail),
      'placeholder-alarms',
      `Nobody will hear of alarms at ${stage.alarmEmail}: give your own address with -c alarmEmail=…`,
    ),
    ...warning(
      stage.callbackUrls.every(isPlaceholder),
      'placeholder-callback',
      'Cognito’s sign-in page will lead nowhere: give the address of your web page with -c callbackUrl=https://…',
    ),
    ...warning(
      stage.stage === 'prod' && stage.logLevel === 'DEBUG',
      'debug-logs',
      'DEBUG logs of prod cost more than its functions: go back to -c logLevel=INFO when you have seen enough.',
    ),
  ];
};
