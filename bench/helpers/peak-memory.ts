import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Resident memory of one process, kB as the kernel gives it. */
interface Resident {
  readonly now: number;
  readonly peak: number;
}

function parentOf(pid: string): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it stands in brackets and may hold anything.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '';
}

function isBelow(pid: string, ancestor: number): boolean {
  for (let current = pid; current !== '' && current !== '0'; current = parentOf(current)) {
    if (current === String(ancestor)) return true;
  }
  return false;
}

/** Processes that draw and compute pages, of the browser this process has started. */
function pageProcesses(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      if (!/^\d+$/.test(pid) || !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')) return false;
      return isBelow(pid, process.pid);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
}

function resident(pid: string): Resident {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
  return { now: field('VmRSS'), peak: field('VmHWM') };
}

/**
 * Watches the memory of the page's processes.
 * @returns a function that gives by how many MB they grew at most since, together; null where the system does not tell (not Linux).
 */
export function watchPeakMemory(): () => number | null {
  try {
    const before = new Map<string, number>();
    for (const pid of pageProcesses()) {
      // Sets the peak back to what is held now.
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
      before.set(pid, resident(pid).now);
    }
    return () => {
      let grownKilobytes = 0;
      for (const [pid, now] of before) grownKilobytes += Math.max(0, resident(pid).peak - now);
      return grownKilobytes / 1000;
    };
  } catch {
    return () => null;
  }
}
