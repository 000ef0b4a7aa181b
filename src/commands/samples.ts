import { collectPicked } from '../files/collect-dropped.ts';
import type { CommandContext } from './context.ts';
import { importFiles } from './import-images.ts';
import { notify } from './notices.ts';

/** Adds the drawings that come with the page. */
export async function addSampleImages(ctx: CommandContext): Promise<void> {
  try {
    const response = await fetch(new URL('samples/drawings.zip', ctx.pageUrl));
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const zip = new File([await response.blob()], 'drawings.zip', { type: 'application/zip' });
    await importFiles(ctx, collectPicked([zip]), { classId: null });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    notify(
      ctx.store,
      'error',
      'The sample images could not be loaded.',
      `Your project is unchanged. Try again, or add images of your own. (${why})`,
    );
  }
}
