import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadFirstBackbone, switchBackbone } from '../../../src/commands/backbones.ts';
import type { CommandContext } from '../../../src/commands/context.ts';
import { importFiles } from '../../../src/commands/import-images.ts';
import { addNetwork, removeBackbone } from '../../../src/commands/own-network.ts';
import { openProjectFile, saveProjectFile } from '../../../src/commands/project-file.ts';
import { newProject, openProject } from '../../../src/commands/projects.ts';
import { changeProject } from '../../../src/commands/save-project.ts';
import { startTraining } from '../../../src/commands/start-training.ts';
import type { EngineClient } from '../../../src/engine-client/engine-client.ts';
import type { DroppedFile } from '../../../src/files/dropped-file.ts';
import { readProjectFile } from '../../../src/files/read-project-file.ts';
import { writeProjectFile } from '../../../src/files/write-project-file.ts';
import {
  clearEngineStorage,
  createTestEngine,
  endEngine,
  noiseImage,
  tinyEntry,
} from '../../helpers/browser/engine.ts';
import { commandContext, done } from './command-fixture.ts';

const FIXTURES = `${location.origin}/tests/fixtures/engine/tiny-backbone/`;
const OTHER = tinyEntry('bundled', { id: 'other', name: 'Other' });
const AWAY = tinyEntry('official', { id: 'away', name: 'Away' });

let engine: EngineClient;
beforeAll(async () => {
  await clearEngineStorage();
  engine = createTestEngine().client;
  await engine.call('start', { wanted: 'wasm' });
});
afterAll(() => endEngine(engine));
beforeEach(() => caches.delete('graft-backbones'));

/** A browser of its own as far as storage goes, with the real engine and the network every page has. */
async function machine(): Promise<CommandContext> {
  const ctx = { ...(await commandContext()), engine };
  ctx.store.setState(({ backbones }) => ({ backbones: { ...backbones, entries: [OTHER, AWAY] } }));
  await done(switchBackbone(ctx, 'other'));
  return ctx;
}

async function* networkFiles(): AsyncGenerator<DroppedFile> {
  for (const name of ['model.json', 'shard-1.bin', 'shard-2.bin']) {
    yield { path: `mine/${name}`, blob: await (await fetch(FIXTURES + name)).blob() };
  }
}

async function* photos(): AsyncGenerator<DroppedFile> {
  for (let index = 0; index < 12; index += 1) {
    yield { path: `${index % 2 === 0 ? 'a' : 'b'}/${index}.png`, blob: await noiseImage(index) };
  }
}

/** A project trained on a network the user brought. @returns what the network is called and its SHA-256. */
async function trainOnOwn(ctx: CommandContext) {
  const { id, name, sha256 } = await done(
    addNetwork(ctx, networkFiles(), { featureLayer: 'feature', pixels: '[-1,1]' }),
  );
  await importFiles(ctx, photos(), { classId: null });
  changeProject(ctx, { settings: { ...settingsOf(ctx), epochs: 2 } });
  await done(startTraining(ctx));
  return { id, name, sha256 };
}

function settingsOf(ctx: CommandContext) {
  const { project } = ctx.store.getState();
  if (project === null) throw new Error('No project is open');
  return project.settings;
}

async function saved(ctx: CommandContext): Promise<Blob> {
  const addresses: string[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    addresses.push(this.href);
  });
  await saveProjectFile(ctx);
  click.mockRestore();
  return (await fetch(addresses[0] ?? '')).blob();
}

const inUse = (ctx: CommandContext) => ctx.store.getState().backbones.current?.id;
const notices = (ctx: CommandContext) => ctx.store.getState().notices.map(({ title, detail }) => `${title} ${detail}`);
const ownIds = (ctx: CommandContext) =>
  ctx.store.getState().backbones.entries.flatMap(({ origin, manifest }) => (origin === 'own' ? [manifest.id] : []));

/** The same file, with its networks changed on the way. */
async function rewritten(file: Blob, change: Partial<{ id: string; sha256: string }>): Promise<Blob> {
  const opened = await readProjectFile(file);
  const networks = [];
  for await (const { manifest, files } of opened.networks()) {
    networks.push({ manifest: { ...manifest, ...change }, files: files ?? [] });
  }
  return writeProjectFile({
    project: opened.project,
    runs: [],
    networks,
    artifacts: async () => null,
    original: async () => null,
    thumbnail: async () => null,
  });
}

describe('a project trained on a network the user brought', () => {
  test('takes it along in its file: elsewhere it is kept, in use, and the project trains on', async () => {
    const here = await machine();
    const { id, sha256 } = await trainOnOwn(here);
    expect(here.store.getState().project?.network).toEqual({ id, name: 'mine', sha256 });
    const file = await saved(here);
    await caches.delete('graft-backbones');

    const there = await machine();
    expect(inUse(there)).toBe('other');
    await openProjectFile(there, file);
    expect(notices(there)).toEqual([]);
    expect(there.store.getState().backbones).toMatchObject({
      current: { id, sha256 },
      currentReason: 'This project was made with it.',
    });
    expect(ownIds(there)).toEqual([id]);
    await done(startTraining(there));
    expect(there.store.getState().runs.map(({ backbone }) => backbone.id)).toEqual([id, id]);
  });

  test('gets it back when it is opened from the list and at the start', async () => {
    const ctx = await machine();
    const { id } = await trainOnOwn(ctx);
    const projectId = ctx.store.getState().project?.id ?? '';
    await newProject(ctx);
    await done(switchBackbone(ctx, 'other'));
    expect(inUse(ctx)).toBe('other');
    await openProject(ctx, projectId);
    expect(inUse(ctx)).toBe(id);
    await done(switchBackbone(ctx, 'other'));
    await loadFirstBackbone(ctx);
    expect(inUse(ctx)).toBe(id);
    expect(notices(ctx)).toEqual([]);
  });

  test('opens without it where it is missing, and says which one it is and what to do', async () => {
    const ctx = await machine();
    const { id, sha256 } = await trainOnOwn(ctx);
    const projectId = ctx.store.getState().project?.id ?? '';
    await newProject(ctx);
    await done(switchBackbone(ctx, 'other'));
    await removeBackbone(ctx, id);
    expect((await openProject(ctx, projectId)).kind).toBe('done');
    expect(inUse(ctx)).toBe('other');
    const [notice] = notices(ctx);
    expect(notice).toContain(`made with mine (SHA-256 ${sha256.slice(0, 12)}…)`);
    expect(notice).toContain('Other stays in use');
    expect(notice).toContain('Bring its file under Backbone');
  });
});

describe('a network in a project file', () => {
  test.for([
    ['is damaged', { sha256: 'a'.repeat(64) }],
    ['calls itself by the name of another network', { id: 'away' }],
  ] as const)('that %s is not kept, and the project opens', async ([, change]) => {
    const here = await machine();
    await trainOnOwn(here);
    const file = await rewritten(await saved(here), change);
    await caches.delete('graft-backbones');
    const there = await machine();
    await openProjectFile(there, file);
    expect(there.store.getState().project?.name).toBe('Test 2');
    expect(await engine.call('cachedBackbones', null)).toEqual([]);
    expect(inUse(there)).toBe('other');
    const [notice] = notices(there);
    expect(notice).toContain('The network mine in the project file could not be kept.');
  });
});

test('a project made with an official network that was not downloaded here says so, and nothing is downloaded', async () => {
  const ctx = await machine();
  changeProject(ctx, { network: { id: 'away', name: 'Away', sha256: null } });
  const projectId = ctx.store.getState().project?.id ?? '';
  await newProject(ctx);
  await openProject(ctx, projectId);
  expect(inUse(ctx)).toBe('other');
  expect(notices(ctx)).toEqual([expect.stringMatching(/made with Away, which is not at hand .* Download it under/)]);
});

test('a project made with other files of the same name says so', async () => {
  const ctx = await machine();
  changeProject(ctx, { network: { id: 'other', name: 'Other', sha256: 'b'.repeat(64) } });
  const projectId = ctx.store.getState().project?.id ?? '';
  await newProject(ctx);
  await openProject(ctx, projectId);
  expect(notices(ctx)).toEqual([expect.stringContaining(`SHA-256 ${'b'.repeat(12)}…`)]);
});
