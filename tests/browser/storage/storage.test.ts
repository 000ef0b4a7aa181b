import { deleteDB, openDB } from 'idb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openStorage } from '../../../src/storage/storage.ts';
import { ARTIFACTS, RUN } from '../../unit/schemas/sample-documents.ts';
import { chunkOf, freshStorage, hashOf, itemOf, projectOf, reopened, thumbnailOf } from './storage-fixture.ts';

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => itemOf(start + index));

describe('images', () => {
  test('an import survives a reload, in order of arrival', async () => {
    const { storage, databaseName } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 40)), chunkOf(range(20, 40)));
    await storage.images.addChunk(projectOf(range(0, 40)), chunkOf(range(0, 20)));
    storage.close();
    const again = await reopened(databaseName);
    const { project, droppedImageCount } = await again.projects.load('p1');
    expect(droppedImageCount).toBe(0);
    expect([...project.dataset.images.values()]).toEqual(range(0, 40));
    expect(await (await again.originals.get(hashOf(7)))?.text()).toBe('original of IMG_7.jpg');
    const thumbnails = await again.thumbnails.getMany([hashOf(1), hashOf(999)]);
    expect([...thumbnails]).toEqual([[hashOf(1), thumbnailOf('IMG_1.jpg')]]);
  });

  test('thumbnails that an earlier Graft stored as blobs are read as the others are', async () => {
    const { storage, databaseName } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 2)), chunkOf(range(0, 2)));
    const raw = await openDB(databaseName);
    await raw.put('thumbnails', new Blob(['thumbnail of before'], { type: 'image/webp' }), hashOf(0));
    raw.close();
    expect(await storage.thumbnails.get(hashOf(0))).toEqual(thumbnailOf('before'));
    expect((await storage.thumbnails.getMany([hashOf(1), hashOf(0)])).get(hashOf(0))).toEqual(thumbnailOf('before'));
  });

  test('a database of an earlier Graft opens with all that is in it', async () => {
    const databaseName = `test-${crypto.randomUUID()}`;
    onTestFinished(() => deleteDB(databaseName));
    const earlier = await openDB(databaseName, 1, {
      upgrade: (database) => {
        for (const name of ['projects', 'images', 'originals', 'thumbnails', 'runs', 'artifacts', 'meta']) {
          database.createObjectStore(name);
        }
      },
    });
    await earlier.put('thumbnails', new Blob(['thumbnail of before'], { type: 'image/webp' }), hashOf(0));
    earlier.close();
    const storage = await reopened(databaseName);
    expect(await storage.thumbnails.get(hashOf(0))).toEqual(thumbnailOf('before'));
    storage.close();
  });

  test('a chunk with something the database refuses leaves nothing behind', async () => {
    const { storage } = await freshStorage();
    const chunk = chunkOf(range(0, 3));
    // A function cannot be stored; the browser throws when the last of many writes is asked for.
    Object.assign(chunk.items[2] ?? {}, { name: () => 'cannot be cloned' });
    await expect(storage.images.addChunk(projectOf(range(0, 3)), chunk)).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
    expect(await storage.projects.list()).toEqual([]);
    expect(await storage.originals.get(hashOf(0))).toBeNull();
  });

  test('an edit writes what changed, removes what went, and the classes with it', async () => {
    const { storage } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 3)), chunkOf(range(0, 3)));
    const moved = itemOf(1, { classId: 'cat', lockedPart: 'test' });
    const after = projectOf([moved, itemOf(2)], { name: 'Renamed' });
    await storage.images.applyChange(after, { put: [moved], delete: [itemOf(0).id] });
    const { project } = await storage.projects.load('p1');
    expect(project.name).toBe('Renamed');
    expect([...project.dataset.images.values()]).toEqual([moved, itemOf(2)]);
  });

  test('a file without an original is reported and not listed', async () => {
    const { storage } = await freshStorage();
    const chunk = chunkOf(range(0, 2));
    chunk.originals.delete(hashOf(1));
    const { unreadable } = await storage.images.addChunk(projectOf(range(0, 2)), chunk);
    expect(unreadable).toEqual([hashOf(1)]);
    expect((await storage.projects.load('p1')).project.dataset.images.size).toBe(1);
  });

  test('ten thousand images are read page by page, in order', async () => {
    const { storage } = await freshStorage();
    const items = range(0, 10_000);
    await storage.images.applyChange(projectOf(items), { put: items, delete: [] });
    const startMs = performance.now();
    const { project } = await storage.projects.load('p1');
    console.info(`10,000 images read in ${Math.round(performance.now() - startMs)} ms`);
    expect(project.dataset.images.size).toBe(10_000);
    expect([...project.dataset.images.keys()]).toEqual(items.map(({ id }) => id));
    expect(project.dataset.images.get(itemOf(9_999).id)).toEqual(itemOf(9_999));
  });
});

describe('projects', () => {
  test('are listed newest first, with how many images they have', async () => {
    const { storage } = await freshStorage();
    await storage.projects.save(projectOf([], { id: 'old', updatedAtMs: 1 }));
    await storage.images.addChunk(projectOf(range(0, 3), { id: 'new', updatedAtMs: 9 }), chunkOf(range(0, 3)));
    const list = await storage.projects.list();
    expect(list.map(({ id, imageCount }) => [id, imageCount])).toEqual([
      ['new', 3],
      ['old', 0],
    ]);
  });

  test('a duplicate has images, runs and results of its own', async () => {
    const { storage } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 3)), chunkOf(range(0, 3)));
    await storage.runs.save(RUN, ARTIFACTS);
    await storage.projects.duplicate('p1', { id: 'p2', name: 'Copy', nowMs: 50 });
    await storage.projects.delete('p1');
    const { project } = await storage.projects.load('p2');
    expect(project).toMatchObject({ id: 'p2', name: 'Copy', createdAtMs: 50 });
    expect(project.dataset.images.size).toBe(3);
    expect(await storage.runs.list('p2')).toEqual([{ ...RUN, projectId: 'p2' }]);
    expect(await storage.runs.artifacts('p2', RUN.id)).toEqual(ARTIFACTS);
    expect(await storage.runs.list('p1')).toEqual([]);
  });

  test('deleting one leaves another whose id begins the same', async () => {
    const { storage } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 1)), chunkOf(range(0, 1)));
    await storage.images.addChunk(projectOf(range(0, 2), { id: 'p10' }), chunkOf(range(0, 2)));
    await storage.projects.delete('p1');
    expect((await storage.projects.load('p10')).project.dataset.images.size).toBe(2);
    await expect(storage.projects.load('p1')).rejects.toMatchObject({ code: 'project-missing' });
  });

  test('one that cannot be read does not hide the others', async () => {
    const { storage, databaseName } = await freshStorage();
    await storage.projects.save(projectOf([]));
    const raw = await openDB(databaseName);
    await raw.put('projects', { schemaVersion: 99 }, 'from the future');
    raw.close();
    expect((await storage.projects.list()).map(({ id }) => id)).toEqual(['p1']);
    await expect(storage.projects.load('from the future')).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('renaming keeps everything else', async () => {
    const { storage } = await freshStorage();
    await storage.projects.save(projectOf([]));
    await storage.projects.rename('p1', 'Other', 77);
    const { project } = await storage.projects.load('p1');
    expect(project).toEqual(projectOf([], { name: 'Other', updatedAtMs: 77 }));
  });
});

describe('runs', () => {
  test('are changed where they are, and not written again once they are deleted', async () => {
    const { storage } = await freshStorage();
    await storage.runs.save(RUN, ARTIFACTS);
    await storage.runs.change({ ...RUN, name: 'Renamed' });
    expect(await storage.runs.list('p1')).toMatchObject([{ id: RUN.id, name: 'Renamed' }]);
    expect(await storage.runs.artifacts('p1', RUN.id)).toEqual(ARTIFACTS);
    await storage.runs.delete('p1', RUN.id);
    await storage.runs.change(RUN);
    expect(await storage.runs.list('p1')).toEqual([]);
  });

  test('come back oldest first and go with their results', async () => {
    const { storage } = await freshStorage();
    await storage.runs.save({ ...RUN, id: 'later', startedAtMs: 9 });
    await storage.runs.save(RUN, ARTIFACTS);
    expect((await storage.runs.list('p1')).map(({ id }) => id)).toEqual(['r1', 'later']);
    expect(await storage.runs.artifacts('p1', 'later')).toBeNull();
    await storage.runs.delete('p1', 'r1');
    expect(await storage.runs.artifacts('p1', 'r1')).toBeNull();
    expect(await storage.runs.list('p1')).toHaveLength(1);
  });
});

describe('garbage', () => {
  test('is what no project refers to and no undo needs', async () => {
    const { storage } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 4)), chunkOf(range(0, 4)));
    await storage.images.addChunk(projectOf(range(3, 4), { id: 'p2' }), chunkOf(range(3, 4)));
    const deleted = [itemOf(1), itemOf(2), itemOf(3)];
    await storage.images.applyChange(projectOf([itemOf(0)]), { put: [], delete: deleted.map(({ id }) => id) });
    expect(await storage.collectGarbage(new Set([hashOf(2)]))).toEqual([hashOf(1)]);
    const left = await storage.originals.getMany(range(0, 4).map(({ hash }) => hash));
    expect([...left.keys()]).toEqual([hashOf(0), hashOf(2), hashOf(3)]);
    expect(await storage.thumbnails.get(hashOf(1))).toBeNull();
  });

  test('is left alone while another tab has a project open, whose undo may need it', async () => {
    const { storage, databaseName } = await freshStorage();
    await storage.images.addChunk(projectOf(range(0, 1)), chunkOf(range(0, 1)));
    await storage.projects.delete('p1');
    const otherTab = await reopened(databaseName);
    const claim = await otherTab.claim('p2');
    expect(await storage.collectGarbage()).toEqual([]);
    claim.release();
    await vi.waitFor(async () => expect(await storage.collectGarbage()).toEqual([hashOf(0)]));
  });
});

describe('several tabs', () => {
  test('the second tab on a project is told, and is first once the other has gone', async () => {
    const { storage, databaseName } = await freshStorage();
    const otherTab = await reopened(databaseName);
    const first = await storage.claim('p1');
    expect(first.mine).toBe(true);
    expect((await otherTab.claim('p1')).mine).toBe(false);
    expect((await otherTab.claim('p2')).mine).toBe(true);
    first.release();
    await vi.waitFor(async () => expect((await otherTab.claim('p1')).mine).toBe(true));
  });

  test('a tab may claim its own project again while it opens it anew', async () => {
    const { storage, databaseName } = await freshStorage();
    const first = await storage.claim('p1');
    const second = await storage.claim('p1');
    expect(second.mine).toBe(true);
    first.release();
    first.release();
    expect((await (await reopened(databaseName)).claim('p1')).mine).toBe(false);
    second.release();
  });

  test('an older page gives way to a newer one and says so', async () => {
    const { storage, databaseName } = await freshStorage();
    const ends: string[] = [];
    const older = await openStorage({ databaseName, onEnd: (end) => ends.push(end) });
    onTestFinished(() => older.close());
    storage.close();
    const newer = await openDB(databaseName, 99);
    newer.close();
    expect(ends).toEqual(['newer-page']);
    await expect(older.projects.list()).rejects.toMatchObject({ code: 'storage-unavailable' });
    await deleteDB(databaseName);
  });
});

test('small facts about the page are kept and forgotten', async () => {
  const { storage, databaseName } = await freshStorage();
  await storage.meta.set('last-project', 'p1');
  expect(await (await reopened(databaseName)).meta.get('last-project')).toBe('p1');
  await storage.meta.set('last-project', null);
  expect(await storage.meta.get('last-project')).toBeNull();
});
