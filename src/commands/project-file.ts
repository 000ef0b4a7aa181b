import type { ContentHash, ImageItem } from '../domain/dataset.ts';
import { withoutTimes } from '../domain/measured-sizes.ts';
import type { Project } from '../domain/project.ts';
import type { Run } from '../domain/run.ts';
import type { ThumbnailFile } from '../domain/thumbnail-file.ts';
import { downloadBlob } from '../files/download-blob.ts';
import { type OpenedProjectFile, readProjectFile } from '../files/read-project-file.ts';
import { type PackedNetwork, projectFileName, writeProjectFile } from '../files/write-project-file.ts';
import { adoptPackedNetwork } from './adopt-packed-network.ts';
import type { CommandContext } from './context.ts';
import { Refusal, runJob } from './job.ts';
import { notify, reportFailure } from './notices.ts';
import { freeProjectName, openProject, refreshProjects } from './projects.ts';
import { enqueueWrite } from './save-project.ts';

/** Photos written per transaction. */
const CHUNK_IMAGES = 32;

/** Saves the open project with its photos and runs as one file. */
export async function saveProjectFile(ctx: CommandContext): Promise<void> {
  const outcome = await runJob(ctx, 'export', { progress: { stage: 'Packing the project' } }, async () => {
    await ctx.session.writes;
    const { project, runs } = ctx.store.getState();
    if (project === null) throw new Refusal('No project is open.');
    const file = await writeProjectFile({
      project,
      runs,
      networks: await packedNetworks(ctx, project, runs),
      artifacts: (runId) => ctx.storage.runs.artifacts(project.id, runId),
      original: (hash) => ctx.storage.originals.get(hash),
      thumbnail: (hash) => ctx.storage.thumbnails.get(hash),
    });
    downloadBlob(projectFileName(project), file);
  });
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
}

/** The networks the user brought that this project was made with. */
async function packedNetworks(ctx: CommandContext, project: Project, runs: readonly Run[]): Promise<PackedNetwork[]> {
  const ids = new Set([project.network?.id, ...runs.map(({ backbone }) => backbone.id)]);
  const packed: PackedNetwork[] = [];
  for (const { manifest, origin } of ctx.store.getState().backbones.entries) {
    if (origin !== 'own' || !ids.has(manifest.id)) continue;
    const files = await ctx.engine.call('networkFiles', { id: manifest.id });
    if (files !== null) packed.push({ manifest, files });
  }
  return packed;
}

/** Opens a project file as a project of its own; nothing that is here is replaced. */
export async function openProjectFile(ctx: CommandContext, file: Blob): Promise<void> {
  const id = ctx.newId();
  const outcome = await runJob(ctx, 'project-file', { progress: null }, () => readIn(ctx, file, id));
  if (outcome.kind === 'failed') reportFailure(ctx.store, outcome.error);
  if (outcome.kind !== 'done') return;
  await openProject(ctx, id);
  if (outcome.value === 0) return;
  notify(
    ctx.store,
    'warning',
    `${outcome.value} images of the file were damaged and are left out.`,
    'Everything else is here. Ask for the file again if you need them.',
  );
}

/** Stores the project of a file. @returns how many images were damaged. */
async function readIn(ctx: CommandContext, file: Blob, id: string): Promise<number> {
  try {
    const opened = await readProjectFile(file);
    try {
      const missingCount = await adopt(ctx, opened, id);
      for await (const network of opened.networks()) await adoptPackedNetwork(ctx, network);
      await refreshProjects(ctx);
      return missingCount;
    } finally {
      await opened.close();
    }
  } catch (error) {
    // A half-read project would look whole in the list.
    await ctx.storage.projects.delete(id).catch(() => undefined);
    throw error;
  }
}

/** @returns images left out because their photo was damaged. */
async function adopt(ctx: CommandContext, opened: OpenedProjectFile, id: string): Promise<number> {
  const name = freeProjectName(ctx, opened.project.name);
  const full = { ...opened.project, id, name, updatedAtMs: ctx.now() };
  const empty: Project = { ...full, dataset: { ...full.dataset, images: new Map() } };
  await enqueueWrite(ctx, () => ctx.storage.projects.save(empty));
  const itemsByHash = groupByHash(full.dataset.images.values());
  let images = new Map<string, ImageItem>();
  let chunk: Photo[] = [];
  const flush = async () => {
    images = new Map([...images, ...chunk.flatMap(({ items }) => items.map((item) => [item.id, item] as const))]);
    await writePhotos(ctx, { ...full, dataset: { ...full.dataset, images } }, chunk);
    chunk = [];
  };
  for await (const { hash, original, thumbnail } of opened.originals()) {
    const items = itemsByHash.get(hash) ?? [];
    chunk.push({ hash, original, thumbnail: thumbnail ?? (await makeThumbnail(ctx, original)), items });
    if (chunk.length >= CHUNK_IMAGES) await flush();
  }
  await flush();
  for await (const { run, artifacts } of opened.runs()) {
    const here = { ...run, projectId: id, measuredSizes: withoutTimes(run.measuredSizes) };
    await enqueueWrite(ctx, () => ctx.storage.runs.save(here, artifacts ?? undefined));
  }
  return full.dataset.images.size - images.size + opened.droppedImageCount;
}

function groupByHash(items: Iterable<ImageItem>): Map<ContentHash, ImageItem[]> {
  const groups = new Map<ContentHash, ImageItem[]>();
  for (const item of items) groups.set(item.hash, [...(groups.get(item.hash) ?? []), item]);
  return groups;
}

interface Photo {
  readonly hash: ContentHash;
  readonly original: Blob;
  readonly thumbnail: ThumbnailFile | null;
  readonly items: readonly ImageItem[];
}

async function makeThumbnail(ctx: CommandContext, original: Blob): Promise<ThumbnailFile | null> {
  const [result] = await ctx.engine.call('inspectFiles', { files: [original] });
  return result?.kind === 'image' ? result.thumbnail : null;
}

async function writePhotos(ctx: CommandContext, project: Project, photos: readonly Photo[]): Promise<void> {
  await enqueueWrite(ctx, () =>
    ctx.storage.images.addChunk(project, {
      items: photos.flatMap(({ items }) => items),
      originals: new Map(photos.map(({ hash, original }) => [hash, original])),
      thumbnails: new Map(photos.flatMap(({ hash, thumbnail }) => (thumbnail === null ? [] : [[hash, thumbnail]]))),
    }),
  );
}
