import type { Command } from './command.ts';
import { alarms } from './commands/alarms.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [alarms];
