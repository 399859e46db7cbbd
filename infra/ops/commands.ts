import type { Command } from './command.ts';
import { alarms } from './commands/alarms.ts';
import { deadLettersDrop } from './commands/dead-letters-drop.ts';
import { deadLettersList } from './commands/dead-letters-list.ts';
import { deadLettersRedrive } from './commands/dead-letters-redrive.ts';
import { deadLettersShow } from './commands/dead-letters-show.ts';
import { pause } from './commands/pause.ts';
import { replay } from './commands/replay.ts';
import { replayCancel } from './commands/replay-cancel.ts';
import { replayList } from './commands/replay-list.ts';
import { resume } from './commands/resume.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  alarms,
  deadLettersList,
  deadLettersShow,
  deadLettersRedrive,
  deadLettersDrop,
  replay,
  replayList,
  replayCancel,
  pause,
  resume,
];
