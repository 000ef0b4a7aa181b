import { deleteDB } from 'idb';
import { onTestFinished } from 'vitest';
import { type ClassLabel, type ImageItem, NO_GROUP_FACTS } from '../../../src/domain/dataset.ts';
import type { Project } from '../../../src/domain/project.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings.ts';
import { DEFAULT_SPLIT } from '../../../src/domain/split.ts';
import type { ThumbnailFile } from '../../../src/domain/thumbnail-file.ts';
import { openStorage, type Storage } from '../../../src/storage/storage.ts';

const CLASSES: readonly ClassLabel[] = [
  { id: 'cat', name: 'Cat', colorIndex: 0 },
  { id: 'dog', name: 'Dog', colorIndex: 1 },
];

/** A fresh, real database that goes away with the test. */
export async function freshStorage(): Promise<{ storage: Storage; databaseName: string }> {
  const databaseName = `test-${crypto.randomUUID()}`;
  const storage = await openStorage({ databaseName });
  onTestFinished(async () => {
    storage.close();
    await deleteDB(databaseName);
  });
  return { storage, databaseName };
}

/** A further connection, as a reloaded page or a second tab has it. */
export async function reopened(databaseName: string): Promise<Storage> {
  const storage = await openStorage({ databaseName });
  onTestFinished(() => storage.close());
  return storage;
}

export function hashOf(serial: number): string {
  return serial.toString(16).padStart(64, '0');
}

export function itemOf(serial: number, change: Partial<ImageItem> = {}): ImageItem {
  return {
    id: `${serial.toString(36).padStart(7, '0')}-00000000`,
    hash: hashOf(serial),
    classId: serial % 2 === 0 ? 'cat' : 'dog',
    name: `IMG_${serial}.jpg`,
    path: `photos/of/pets/IMG_${serial}.jpg`,
    widthPx: 4000,
    heightPx: 3000,
    sizeBytes: 2_345_678,
    lockedPart: null,
    grouping: NO_GROUP_FACTS,
    addedAtMs: 1_700_000_000_000 + serial,
    ...change,
  };
}

export function projectOf(items: readonly ImageItem[], change: Partial<Project> = {}): Project {
  return {
    id: 'p1',
    name: 'Pets',
    createdAtMs: 1,
    updatedAtMs: 2,
    dataset: { classes: CLASSES, images: new Map(items.map((item) => [item.id, item])) },
    settings: DEFAULT_SETTINGS,
    split: DEFAULT_SPLIT,
    resizeMode: 'crop',
    network: null,
    currentRunId: null,
    comparison: null,
    search: null,
    answersWhileAdding: false,
    ...change,
  };
}

/** A thumbnail that says which image it belongs to. */
export function thumbnailOf(name: string): ThumbnailFile {
  return { bytes: new TextEncoder().encode(`thumbnail of ${name}`), mediaType: 'image/webp' };
}

/** A chunk whose originals and thumbnails say which image they belong to. */
export function chunkOf(items: readonly ImageItem[]) {
  return {
    items,
    originals: new Map(items.map(({ hash, name }) => [hash, new Blob([`original of ${name}`])])),
    thumbnails: new Map(items.map(({ hash, name }) => [hash, thumbnailOf(name)])),
  };
}
