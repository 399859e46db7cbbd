import type { Command } from './command.ts';
import { alarms } from './commands/alarms.ts';
import { deadLettersDrop } from './commands/dead-letters-drop.ts';
import { deadLettersList } from './commands/dead-letters-list.ts';
import { deadLettersRedrive } from './commands/dead-letters-redrive.ts';
import { deadLettersShow } from './commands/dead-letters-show.ts';
import { exportTables } from './commands/export.ts';
import { health } from './commands/health.ts';
import { parkedDrop } from './commands/parked-drop.ts';
import { parkedList } from './commands/parked-list.ts';
import { parkedShow } from './commands/parked-show.ts';
import { pause } from './commands/pause.ts';
import { rebuildMetrics } from './commands/rebuild-metrics.ts';
import { reconcile } from './commands/reconcile.ts';
import { replay } from './commands/replay.ts';
import { replayCancel } from './commands/replay-cancel.ts';
import { replayList } from './commands/replay-list.ts';
import { republish } from './commands/republish.ts';
import { restore } from './commands/restore.ts';
import { resume } from './commands/resume.ts';
import { trace } from './commands/trace.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  health,
  alarms,
  trace,
  deadLettersList,
  deadLettersShow,
  deadLettersRedrive,
  deadLettersDrop,
  parkedList,
  parkedShow,
  parkedDrop,
  replay,
  replayList,
  replayCancel,
  republish,
  reconcile,
  rebuildMetrics,
  restore,
  exportTables,
  pause,
  resume,
];
