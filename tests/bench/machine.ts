import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

/** Where the figures were taken: they compare only with others of the same machine. */
export const machine = () => ({
  cpus: cpus().length,
  cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
  memoryMb: Math.round(totalmem() / 1024 / 1024),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});
export type Machine = ReturnType<typeof machine>;

const statusOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  } catch {
    return ''; // it has ended, or this is not Linux
  }
};

const kilobytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);

/** Resident memory of a process in MB: now, and the most it ever had. Zero where the system doesn't tell. */
export const residentMb = (pid: number): { readonly now: number; readonly peak: number } => {
  const status = statusOf(pid);
  return { now: kilobytes(status, 'VmRSS') / 1024, peak: kilobytes(status, 'VmHWM') / 1024 };
};

/** CPU time that this machine gave to anybody since its start, and what its host kept from it, in seconds. */
export const machineCpuSeconds = (): number => {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / 100;
};

/** CPU time of a process with all its threads, in seconds. */
export const cpuSeconds = (pid: number): number => {
  try {
    const fields = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
};
