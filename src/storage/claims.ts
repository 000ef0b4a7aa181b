/** One tab's hold on a project. */
export interface ProjectClaim {
  /** False while another tab has the project open: both may read, only the other should write. */
  readonly mine: boolean;
  /** Gives this hold back; more than once does no harm. */
  release(): void;
}

/** Which tab has which project open. The browser gives holds back by itself when a tab closes or crashes. */
export interface Claims {
  /** Resolves at once. A tab may claim what it holds already; the project is free after as many releases. */
  claim(projectId: string): Promise<ProjectClaim>;
  /** True when another tab has any project open. */
  heldElsewhere(): Promise<boolean>;
}

interface Hold {
  count: number;
  readonly free: () => void;
}

export function claimsFor(databaseName: string): Claims {
  const prefix = `${databaseName}/`;
  const own = new Map<string, Hold>();
  return {
    claim: async (projectId) => {
      const name = `${prefix}${projectId}`;
      const hold = own.get(name) ?? (await takeLock(name));
      if (hold === null) return { mine: false, release: () => undefined };
      hold.count += 1;
      own.set(name, hold);
      return { mine: true, release: releaseOnce(own, name, hold) };
    },
    heldElsewhere: async () => {
      const { held = [] } = await navigator.locks.query();
      return held.some(({ name = '' }) => name.startsWith(prefix) && !own.has(name));
    },
  };
}

/** A lock lasts as long as the promise its callback returns. */
function takeLock(name: string): Promise<Hold | null> {
  return new Promise((resolve, reject) => {
    const keep = (lock: Lock | null) => {
      if (lock === null) return resolve(null);
      return new Promise<void>((free) => resolve({ count: 0, free }));
    };
    navigator.locks.request(name, { ifAvailable: true }, keep).catch(reject);
  });
}

function releaseOnce(own: Map<string, Hold>, name: string, hold: Hold): () => void {
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    hold.count -= 1;
    if (hold.count > 0) return;
    own.delete(name);
    hold.free();
  };
}
