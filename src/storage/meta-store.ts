import type { GraftDatabase } from './database.ts';
import { guarded } from './storage-error.ts';

/** Facts about the page that outlive it. */
type MetaKey = 'last-project' | 'backend' | 'backbone';

export interface MetaStore {
  get(key: MetaKey): Promise<string | null>;
  /** null forgets it. */
  set(key: MetaKey, value: string | null): Promise<void>;
}

export function metaStore(database: GraftDatabase): MetaStore {
  return {
    get: (key) =>
      guarded(async () => {
        const value = await database.get('meta', key);
        return typeof value === 'string' ? value : null;
      }),
    set: (key, value) =>
      guarded(async () => {
        if (value === null) await database.delete('meta', key);
        else await database.put('meta', value, key);
      }),
  };
}
