import { describe, expect, test, vi } from 'vitest';
import { labelOf } from '../../../src/domain/labels-from-paths.ts';
import type { Project } from '../../../src/domain/project.ts';
import type { ThumbnailFile } from '../../../src/domain/thumbnail-file.ts';
import { collectPicked } from '../../../src/files/collect-dropped.ts';
import { downloadBlob } from '../../../src/files/download-blob.ts';
import { readProjectFile } from '../../../src/files/read-project-file.ts';
import { safeName } from '../../../src/files/safe-names.ts';
import { type PackedNetwork, projectFileName, writeProjectFile } from '../../../src/files/write-project-file.ts';
import { zipBlobs } from '../../../src/files/zip-blobs.ts';
import { datasetOf, imageItem } from '../../unit/domain/dataset-arbitraries.ts';
import { ARTIFACTS, PROJECT, RUN } from '../../unit/schemas/sample-documents.ts';
import { damaged, outcome } from './zip-fixture.ts';

async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const TEXTS = ['photo one', 'photo two', 'photo three'];

/** A network the user brought. */
const NETWORK: PackedNetwork = {
  manifest: {
    id: 'own-1',
    name: 'Mine',
    family: 'test',
    inputSide: 16,
    pixels: '[0,1]',
    featureLayer: null,
    licence: 'not stated',
    source: 'not stated',
    sha256: 'd'.repeat(64),
    sizeBytes: 11,
  },
  files: [
    { name: 'model.json', blob: new Blob(['{}']) },
    { name: 'weights.bin', blob: new Blob(['bytes of mine']) },
  ],
};

/** Three photos: two of one name in one class, and one in two classes. */
async function sample() {
  const hashes = await Promise.all(TEXTS.map(hashOf));
  const texts = new Map(hashes.map((hash, index) => [hash, TEXTS[index] ?? '']));
  const [one = '', two = '', three = ''] = hashes;
  const dataset = datasetOf(PROJECT.dataset.classes, [
    imageItem('a', 'cat', { hash: one, name: 'photo.jpg' }),
    imageItem('b', 'cat', { hash: two, name: 'Photo.jpg' }),
    imageItem('c', 'dog', { hash: three, name: 'dog.jpg', lockedPart: 'test' }),
    imageItem('d', 'cat', { hash: three, name: 'dog.jpg' }),
  ]);
  const project: Project = { ...PROJECT, dataset };
  const file = await writeProjectFile({
    project,
    runs: [RUN, { ...RUN, id: 'without results' }],
    networks: [NETWORK],
    artifacts: async (runId) => (runId === RUN.id ? ARTIFACTS : null),
    original: async (hash) => new Blob([texts.get(hash) ?? ''], { type: 'image/jpeg' }),
    thumbnail: async (hash) => thumbnailOf(texts.get(hash) ?? ''),
  });
  return { project, file, hashes };
}

function thumbnailOf(text: string): ThumbnailFile {
  return { bytes: new TextEncoder().encode(`small ${text}`), mediaType: 'image/webp' };
}

async function listed<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('a project file', () => {
  test('brings everything back: data, runs, results, photos and thumbnails', async () => {
    const { project, file, hashes } = await sample();
    const opened = await readProjectFile(file);
    expect(opened.project).toEqual(project);
    expect(await listed(opened.runs())).toEqual([
      { run: RUN, artifacts: ARTIFACTS },
      { run: { ...RUN, id: 'without results' }, artifacts: null },
    ]);
    const originals = await listed(opened.originals());
    expect(originals.map(({ hash }) => hash)).toEqual(hashes);
    expect(await Promise.all(originals.map(({ original }) => original.text()))).toEqual(TEXTS);
    expect(originals[1]?.thumbnail).toEqual(thumbnailOf('photo two'));
    await opened.close();
  });

  test('brings the networks that nobody else has, and tells of one that is damaged', async () => {
    const { file } = await sample();
    const [whole] = await listed((await readProjectFile(file)).networks());
    expect(whole?.manifest).toEqual(NETWORK.manifest);
    const texts = whole?.files?.map(async ({ name, blob }) => [name, await blob.text()]) ?? [];
    expect(await Promise.all(texts)).toEqual([
      ['model.json', '{}'],
      ['weights.bin', 'bytes of mine'],
    ]);
    const opened = await readProjectFile(await damaged(file, 'bytes of mine'));
    expect(await listed(opened.networks())).toEqual([{ manifest: NETWORK.manifest, files: null }]);
  });

  test('is a folder for each class to any other program', async () => {
    const { file } = await sample();
    const lines = await outcome(collectPicked([new File([file], 'pets.graft.zip')]));
    const photos = lines.filter((line) => line.startsWith('pets/images/'));
    expect(photos).toEqual([
      'pets/images/Cat/photo.jpg: photo one',
      'pets/images/Cat/Photo (2).jpg: photo two',
      'pets/images/Dog _ hound/dog.jpg: photo three',
    ]);
    expect(labelOf('pets/images/Cat/photo.jpg').className).toBe('Cat');
  });

  test('with one damaged photo gives the others', async () => {
    const { file, hashes } = await sample();
    const opened = await readProjectFile(await damaged(file, 'photo two'));
    const originals = await listed(opened.originals());
    expect(originals.map(({ hash }) => hash)).toEqual([hashes[0], hashes[2]]);
  });

  test('with another photo under a known hash does not take it', async () => {
    const { project, file, hashes } = await sample();
    const opened = await readProjectFile(file);
    const swapped = await writeProjectFile({
      project: opened.project,
      runs: [],
      networks: [],
      artifacts: async () => null,
      original: async (hash) => new Blob([hash === hashes[0] ? 'another photo' : 'photo two']),
      thumbnail: async () => null,
    });
    const originals = await listed((await readProjectFile(swapped)).originals());
    expect(originals.map(({ hash }) => hash)).toEqual([hashes[1]]);
    expect(project.dataset.images.size).toBe(4);
  });

  test.each([
    ['a page saved as zip', async () => new Blob(['<html>'])],
    ['a zip of something else', () => zipBlobs([{ path: 'a.txt', content: 'a' }])],
    ['one whose project.json is no JSON', () => zipBlobs([{ path: 'project.json', content: '{' }])],
    [
      'one of a newer Graft',
      () => zipBlobs([{ path: 'project.json', content: JSON.stringify({ schemaVersion: 1000 }) }]),
    ],
    ['half a file', async () => (await sample()).file.slice(0, 300)],
  ])('is refused when it is %s', async (_, make) => {
    await expect(readProjectFile(await make())).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('is named after the project', () => {
    expect(projectFileName({ ...PROJECT, name: 'a/b: "c"' })).toBe('a_b_ _c_.graft.zip');
  });

  test('is not finished after a cancel', async () => {
    const cancel = new AbortController();
    const writing = writeProjectFile({
      project: PROJECT,
      runs: [],
      networks: [],
      artifacts: async () => null,
      original: async () => new Blob(['x']),
      thumbnail: async () => null,
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  });
});

test('names fit every file system and keep their script', () => {
  expect(safeName('größe 大きさ 🦊', 'x')).toBe('größe 大きさ 🦊');
  expect(safeName('../../etc', 'x')).toBe('_.._etc');
  expect(safeName('CON.jpg', 'x')).toBe('_CON.jpg');
  expect(safeName(' . ', 'x')).toBe('x');
  expect(safeName('\ud800', 'x')).toBe('_');
});

test('text shrinks in a zip and photos are stored as they are', async () => {
  const text = 'a'.repeat(10_000);
  const zip = await zipBlobs([{ path: 'a.json', content: text }]);
  expect(zip.size).toBeLessThan(1000);
  expect((await zipBlobs([{ path: 'a.jpg', content: new Blob([text]) }])).size).toBeGreaterThan(10_000);
});

test('a download carries its name and lives long enough to be read', async () => {
  const clicked: HTMLAnchorElement[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push(this);
  });
  downloadBlob('model.zip', new Blob(['bytes']));
  click.mockRestore();
  const [link] = clicked;
  expect(link?.download).toBe('model.zip');
  expect(await (await fetch(link?.href ?? '')).text()).toBe('bytes');
});
