import { readdirSync, readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 500;
const PAGE_BYTES = 4096;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly residentBytes: number;
}

/** The process as /proc tells it; nothing if it has just ended. */
const readProcess = (pid: number): readonly Process[] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name, in parentheses that may hold spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(fields[1]), residentBytes: Number(fields[21]) * PAGE_BYTES }];
  } catch {
    return [];
  }
};

/** Bytes in memory of a process and all below it; pages that they share count in each. */
const residentBytes = (root: number): number => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? readProcess(Number(name)) : []));
  let family = all.filter(({ pid }) => pid === root);
  let sum = 0;
  while (family.length > 0) {
    sum += family.reduce((total, each) => total + each.residentBytes, 0);
    const parents = new Set(family.map(({ pid }) => pid));
    family = all.filter(({ parent }) => parents.has(parent));
  }
  return sum;
};

/** Looks at a process and all below it twice a second, and remembers the most. */
export class MemoryWatch {
  readonly #timer: NodeJS.Timeout;
  #peak = 0;

  constructor(root: number) {
    this.#timer = setInterval(() => {
      this.#peak = Math.max(this.#peak, residentBytes(root));
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** In MB. */
  stop(): number {
    clearInterval(this.#timer);
    return Math.round(this.#peak / 1_000_000);
  }
}
