import { expect, test } from 'vitest';
import { importOrBring } from '../../../src/commands/import-or-bring.ts';
import { addNetwork, useBroughtNetwork } from '../../../src/commands/own-network.ts';
import type { BackboneManifest, BackboneReport } from '../../../src/domain/backbone.ts';
import type { FoundNetwork } from '../../../src/domain/found-network.ts';
import { RemoteError } from '../../../src/rpc/remote-error.ts';
import { backboneReport } from '../../helpers/browser/backbone-report.ts';
import { commandContext, done, dropped, shownImages } from './command-fixture.ts';

const FOUND: FoundNetwork = {
  format: 'teachable-machine',
  name: 'Pets',
  family: 'mobilenet-v2',
  inputSide: 224,
  inputSideFixed: true,
  pixels: 'teachable-machine',
  pixelsReason: 'It is Teachable Machine’s.',
  featureLayer: null,
  featureLength: 2,
  featureChoices: [],
  head: {
    labels: ['cat', 'dog'],
    weights: {
      layers: [
        {
          kernel: new Float32Array(4),
          bias: new Float32Array(2),
          inputLength: 2,
          outputLength: 2,
          activation: 'softmax',
        },
      ],
    },
    reason: null,
  },
  parameterCount: 10,
  sizeBytes: 40,
  sha256: 'a'.repeat(64),
};
const CHOICES = { name: 'Pets', inputSide: 224, pixels: 'teachable-machine', featureLayer: null } as const;

function reportOf({ id, name }: BackboneManifest): BackboneReport {
  return backboneReport({ id, name, inputSide: 224, featureLength: 2, sha256: FOUND.sha256 });
}

/** An engine that recognises everything as `FOUND`; `load` decides whether it works. */
async function withNetworks(load = async (manifest: BackboneManifest) => reportOf(manifest)) {
  const kept = new Map<string, BackboneManifest>();
  const seen: string[][] = [];
  const ctx = await commandContext({
    inspectNetwork: async ({ files }) => {
      seen.push(files.map(({ name }) => name));
      return FOUND;
    },
    keepNetwork: async ({ manifest }) => {
      kept.set(manifest.id, manifest);
      return null;
    },
    forgetNetwork: async ({ id }) => {
      kept.delete(id);
      return null;
    },
    ownNetworks: async () => [...kept.values()],
    cachedBackbones: async () => [...kept.keys()],
    prepareBackbone: ({ entry }) => load(entry.manifest),
  });
  return { ctx, kept, seen };
}

const TO_CLASSES = { classId: null };

test('a network dropped on the page is offered, and no import is told of', async () => {
  const { ctx, seen } = await withNetworks();
  await importOrBring(ctx, dropped({ 'net/model.json': '{}', 'net/weights.bin': 'w' }), TO_CLASSES);
  expect(seen).toEqual([['net/model.json', 'net/weights.bin']]);
  expect(ctx.store.getState()).toMatchObject({ ownNetwork: { kind: 'found', problem: null }, import: null });
});

test('photos dropped together with a network are imported, and the network is not among the rejected files', async () => {
  const { ctx, seen } = await withNetworks();
  const files = { 'rose/1.jpg': 'one', 'net/model.json': '{}', 'rose/2.jpg': 'two', 'thumbnails.bin': 'bad' };
  await importOrBring(ctx, dropped(files), TO_CLASSES);
  expect(shownImages(ctx)).toEqual(['rose/1.jpg', 'rose/2.jpg']);
  expect(ctx.store.getState().import?.rejected.map(({ path }) => path)).toEqual(['thumbnails.bin']);
  expect(seen).toEqual([['net/model.json']]);
});

test('a Teachable Machine model makes classes and a run in an empty project', async () => {
  const { ctx, kept } = await withNetworks();
  await importOrBring(ctx, dropped({ 'model.json': '{}' }), TO_CLASSES);
  await useBroughtNetwork(ctx, CHOICES, true);
  const { project, runs, artifacts, ownNetwork, backbones } = ctx.store.getState();
  const report = backbones.current;
  expect([...kept.keys()]).toEqual([report?.id]);
  expect(ownNetwork).toBeNull();
  expect(report?.id).toMatch(/^own-/);
  expect(backbones.entries.find(({ origin }) => origin === 'own')?.manifest).toMatchObject({ name: 'Pets' });
  expect(project?.dataset.classes.map(({ name }) => name)).toEqual(['cat', 'dog']);
  expect(runs).toMatchObject([{ name: 'From Teachable Machine', backbone: { id: report?.id } }]);
  expect(artifacts?.head).toBe(FOUND.head?.weights);
  await ctx.session.writes;
  expect(await ctx.storage.runs.list(project?.id ?? '')).toMatchObject([{ name: 'From Teachable Machine' }]);
});

test('one that does not load is not kept, the one in use stays, and the window says which node is the reason', async () => {
  const { ctx, kept } = await withNetworks(async () => {
    throw new RemoteError('backbone-unsupported', 'The node "x" is a Where.');
  });
  const before = ctx.store.getState().backbones.current;
  await importOrBring(ctx, dropped({ 'model.json': '{}' }), TO_CLASSES);
  await useBroughtNetwork(ctx, CHOICES, true);
  expect(kept.size).toBe(0);
  const { ownNetwork, backbones, project } = ctx.store.getState();
  expect(ownNetwork).toMatchObject({ kind: 'found', problem: expect.stringContaining('The node "x" is a Where.') });
  expect(backbones.current).toBe(before);
  expect(project?.dataset.classes).toEqual([]);
});

test('another scaling of the same files is another network, and the same choice the same one', async () => {
  const { ctx } = await withNetworks();
  const files = () => dropped({ 'model.json': '{}' });
  const first = await done(addNetwork(ctx, files(), {}));
  const again = await done(addNetwork(ctx, files(), {}));
  const other = await done(addNetwork(ctx, files(), { pixels: 'imagenet' }));
  expect(again.id).toBe(first.id);
  expect(other.id).not.toBe(first.id);
});
