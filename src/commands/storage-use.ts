import type { CommandContext } from './context.ts';
import { notify } from './notices.ts';

/** Share of the quota from which the user is warned, before a write fails. */
const NEARLY_FULL = 0.9;

/** Reads how much of the browser's space is used, and warns before it is full. */
export async function refreshStorageUse(ctx: CommandContext): Promise<void> {
  const use = await ctx.storage.quota();
  ctx.store.setState({ storage: use });
  if (use.quotaBytes > 0 && use.usedBytes > NEARLY_FULL * use.quotaBytes) {
    notify(
      ctx.store,
      'warning',
      'The disk space of this browser is nearly used up.',
      'Everything is saved. Save the project to a file, or delete a project you no longer need, before adding more.',
    );
  }
}

/** Asks the browser once not to clear the data, when there is something to lose. */
export async function askForPersistence(ctx: CommandContext): Promise<void> {
  const { project, storage } = ctx.store.getState();
  if (project === null || project.dataset.images.size === 0 || storage?.persistent === true) return;
  await ctx.storage.persist();
}
