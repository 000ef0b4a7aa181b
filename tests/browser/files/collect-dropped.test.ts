import { describe, expect, test } from 'vitest';
import { boundedBlob, TooLargeError } from '../../../src/files/bounded-blob.ts';
import { collectDropped, collectPicked } from '../../../src/files/collect-dropped.ts';
import { walkEntries } from '../../../src/files/walk-entries.ts';
import { damaged, outcome, type Packed, zipOf } from './zip-fixture.ts';

const fileAt = (path: string, text: string) => {
  const file = new File([text], path.slice(path.lastIndexOf('/') + 1));
  Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
  return file;
};

const zipFile = async (name: string, entries: readonly Packed[]) => new File([await zipOf(entries)], name);

/** The part of a browser's folder tree that is used; folders give at most two entries a time. */
function entryOf(path: string, content: string | FileSystemEntry[] | null): FileSystemEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const batches = Array.isArray(content)
    ? Array.from({ length: Math.ceil(content.length / 2) }, (_, index) => content.slice(2 * index, 2 * index + 2))
    : [];
  const entry = {
    name,
    fullPath: `/${path}`,
    isDirectory: Array.isArray(content),
    isFile: !Array.isArray(content),
    createReader: () => ({
      readEntries: (resolve: (batch: FileSystemEntry[]) => void) => resolve(batches.shift() ?? []),
    }),
    file: (resolve: (file: File) => void, reject: (error: DOMException) => void) =>
      typeof content === 'string'
        ? resolve(new File([content], name))
        : reject(new DOMException('no', 'NotReadableError')),
  };
  return Object.assign(Object.create(null), entry);
}

describe('folders', () => {
  test('are walked to the last file, however many batches a folder comes in', async () => {
    const many = Array.from({ length: 7 }, (_, index) => entryOf(`set/rose/${index}.jpg`, `r${index}`));
    const tree = entryOf('set', [entryOf('set/tulip', [entryOf('set/tulip/t.jpg', 't')]), entryOf('set/rose', many)]);
    const lines = await outcome(walkEntries([tree, entryOf('daisy', [entryOf('daisy/d.jpg', 'd')])]));
    expect(lines).toEqual([
      ...many.map((_, index) => `set/rose/${index}.jpg: r${index}`),
      'set/tulip/t.jpg: t',
      'daisy/d.jpg: d',
    ]);
  });

  test('with a file that cannot be read give that file with a problem, and all others', async () => {
    const tree = entryOf('set', [entryOf('set/a.jpg', null), entryOf('set/b.jpg', 'b'), entryOf('set/.DS_Store', 'x')]);
    expect(await outcome(walkEntries([tree]))).toEqual(['set/a.jpg: unreadable', 'set/b.jpg: b']);
  });
});

test('a drop is read from the event at once, and later', async () => {
  const transfer = new DataTransfer();
  transfer.items.add(new File(['a'], 'a.jpg'));
  transfer.items.add(new File([await zipOf([{ path: 'rose/1.jpg', text: '1' }])], 'set.zip'));
  transfer.items.add('only text', 'text/plain');
  const files = collectDropped(transfer);
  transfer.items.clear();
  expect(await outcome(files)).toEqual(['a.jpg: a', 'set/rose/1.jpg: 1']);
});

test('picked folders keep their paths, junk is left out, and the list may be reused', async () => {
  const list = [fileAt('set/rose/1.jpg', '1'), fileAt('set/rose/Thumbs.db', 'x'), fileAt('2.jpg', '2')];
  const files = collectPicked(list);
  list.length = 0;
  expect(await outcome(files)).toEqual(['set/rose/1.jpg: 1', '2.jpg: 2']);
});

describe('zips', () => {
  test('leave the page to others after every file', async () => {
    const zip = await zipFile(
      'many.zip',
      [1, 2, 3, 4].map((index) => ({ path: `a/${index}.jpg`, text: `${index}` })),
    );
    let turns = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      turns += 1;
      port2.postMessage(null);
    };
    port2.postMessage(null);
    const turnsAtFile: number[] = [];
    for await (const _ of collectPicked([zip])) turnsAtFile.push(turns);
    port1.close();
    expect(turnsAtFile).toHaveLength(4);
    expect(new Set(turnsAtFile).size).toBe(4);
  });

  test('stand for folders of their name', async () => {
    const zip = await zipFile('flowers.zip', [
      { path: 'rose/1.jpg', text: '1' },
      { path: '__MACOSX/rose/._1.jpg', text: 'x' },
      { path: 'tulip\\2.jpg', text: '2' },
      { path: '3.jpg', text: '3' },
    ]);
    expect(await outcome(collectPicked([zip]))).toEqual([
      'flowers/rose/1.jpg: 1',
      'flowers/tulip/2.jpg: 2',
      'flowers/3.jpg: 3',
    ]);
  });

  test('in a zip are read too, and stand for folders of their name', async () => {
    const train = { path: 'train.zip', text: await zipOf([{ path: 'rose/1.jpg', text: '1' }]) };
    const zip = await zipFile('set.zip', [train, { path: 'test/rose/2.jpg', text: '2' }]);
    expect(await outcome(collectPicked([zip]))).toEqual(['set/train/rose/1.jpg: 1', 'set/test/rose/2.jpg: 2']);
  });

  test('deeper than that are named as such, and what lies beside them is kept', async () => {
    const innermost = { path: 'c.zip', text: await zipOf([{ path: '1.jpg', text: '1' }]) };
    const inner = { path: 'b.zip', text: await zipOf([innermost, { path: '2.jpg', text: '2' }]) };
    expect(await outcome(collectPicked([await zipFile('a.zip', [inner])]))).toEqual([
      'a/b/c.zip: zip-too-deep',
      'a/b/2.jpg: 2',
    ]);
  });

  test('are known by their first bytes too', async () => {
    expect(await outcome(collectPicked([await zipFile('download', [{ path: 'a/1.jpg', text: '1' }])]))).toEqual([
      'download/a/1.jpg: 1',
    ]);
  });

  test('with a damaged, a locked and a good entry give two problems and the good one', async () => {
    const zip = await zipOf([
      { path: 'a/broken.jpg', text: 'these bytes will change' },
      { path: 'a/locked.jpg', text: 'secret', password: 'x' },
      { path: 'a/good.jpg', text: 'good' },
    ]);
    const file = new File([await damaged(zip, 'these bytes')], 'set.zip');
    expect(await outcome(collectPicked([file]))).toEqual([
      'set/a/broken.jpg: zip-entry-broken',
      'set/a/locked.jpg: zip-encrypted',
      'set/a/good.jpg: good',
    ]);
  });

  test('that are cut off or no zips at all are one problem, and the next file is read', async () => {
    const whole = await zipOf([{ path: 'a/1.jpg', text: '1' }]);
    const files = [
      new File([whole.slice(0, 20)], 'cut.zip'),
      new File(['<html>'], 'page.zip'),
      new File([], 'empty.zip'),
      fileAt('next.jpg', 'n'),
    ];
    expect(await outcome(collectPicked(files))).toEqual([
      'cut.zip: zip-broken',
      'page.zip: zip-broken',
      'empty.zip: zip-broken',
      'next.jpg: n',
    ]);
  });

  test('cannot name a place outside their folder', async () => {
    const zip = await zipFile('set.zip', [
      { path: '../../up.jpg', text: 'u' },
      { path: '/root.jpg', text: 'r' },
    ]);
    expect(await outcome(collectPicked([zip]))).toEqual(['set/up.jpg: u', 'set/root.jpg: r']);
  });

  test('give photos the media type of their ending', async () => {
    for await (const { blob } of collectPicked([await zipFile('s.zip', [{ path: 'a/1.PNG', text: '1' }])])) {
      expect(blob.type).toBe('image/png');
    }
  });

  test('may be left in the middle', async () => {
    const zip = await zipFile('set.zip', [
      { path: '1.jpg', text: '1' },
      { path: '2.jpg', text: '2' },
    ]);
    const seen: string[] = [];
    for await (const { path } of collectPicked([zip, fileAt('other.jpg', 'o')])) {
      seen.push(path);
      break;
    }
    expect(seen).toEqual(['set/1.jpg']);
  });
});

test('a sink refuses to grow beyond its limit', async () => {
  const { writable } = boundedBlob(10, '');
  const writer = writable.getWriter();
  await writer.write(new Uint8Array(10));
  await expect(writer.write(new Uint8Array(1))).rejects.toBeInstanceOf(TooLargeError);
});
