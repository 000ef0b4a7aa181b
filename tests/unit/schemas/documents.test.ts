import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodedError } from '../../../src/domain/coded-error.ts';
import type { Run } from '../../../src/domain/run.ts';
import {
  artifactsDocument,
  packArtifacts,
  readArtifacts,
  unpackArtifacts,
} from '../../../src/schemas/artifacts-document.ts';
import { migrate } from '../../../src/schemas/migrate.ts';
import { projectDocument, readProject, readProjectSummary } from '../../../src/schemas/project-document.ts';
import { projectFileManifest, readProjectFileManifest } from '../../../src/schemas/project-file-manifest.ts';
import { readRun, runDocument } from '../../../src/schemas/run-document.ts';
import { ARTIFACTS, PROJECT, RUN } from './sample-documents.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const items = [...PROJECT.dataset.images.values()];

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('runs of earlier versions', () => {
  const { tunedStageCount: _none, ...fourth } = { ...RUN, guard: null };
  const { crossValidation, ...third } = fourth;
  const frozen = { guard: null, tunedStageCount: 0 };
  const { kind: _, pinned, note, continuedFromRunId, modelBytes, imageMs, ...second } = third;
  const unknown = {
    pinned: false,
    note: '',
    continuedFromRunId: null,
    modelBytes: null,
    imageMs: null,
    crossValidation: null,
    ...frozen,
  };

  test('open without what was not kept in the first', () => {
    const { automaticSettings: __, splitSeed, ...first } = second;
    const read = readRun(throughJson({ ...first, schemaVersion: 1 }));
    expect(read).toEqual({ ...RUN, ...unknown, automaticSettings: null, splitSeed: null });
  });

  test('open without pin, note and costs from the second', () => {
    expect(readRun(throughJson({ ...second, schemaVersion: 2 }))).toEqual({ ...RUN, ...unknown });
  });

  test('open without the scores of folds from the third', () => {
    expect(crossValidation).not.toBeNull();
    expect(readRun(throughJson({ ...third, schemaVersion: 3 }))).toEqual({ ...RUN, ...frozen, crossValidation: null });
  });

  test('from before tuned stages could be gone on from have those that their guard kept', () => {
    const settings = { ...RUN.settings, fineTuneStages: 3 };
    const { start, startAccuracyRatio: frozenAccuracyRatio, ...others } = RUN.guard ?? {};
    const readWith = (kept: boolean) => {
      const guard = { ...others, kept, frozenAccuracyRatio };
      return readRun(throughJson({ ...fourth, settings, guard, schemaVersion: 4 }));
    };
    const guard = { ...RUN.guard, start: 'pretrained' };
    expect(start).not.toBe('pretrained');
    expect(readWith(true)).toEqual({ ...RUN, settings, guard, tunedStageCount: 3 });
    expect(readWith(false)).toEqual({ ...RUN, settings, guard: { ...guard, kept: false }, tunedStageCount: 0 });
  });

  test('without curves are classifiers that were opened from a file', () => {
    expect(readRun(throughJson({ ...second, curves: [], schemaVersion: 2 })).kind).toBe('opened');
  });

  test('from before runs were compared with the one in use have no prior run', () => {
    const { prior, ...without } = runDocument(RUN);
    expect(prior).not.toBeNull();
    expect(readRun(throughJson(without))).toEqual({ ...RUN, prior: null });
  });

  test('from before measured sizes were kept, or with figures that cannot be read, have none', () => {
    const { measuredSizes: _, ...without } = runDocument(RUN);
    expect(readRun(throughJson(without)).measuredSizes).toBeNull();
    const [row] = RUN.measuredSizes?.rows ?? [];
    const rows = [{ ...row, compression: { encoding: 'magic', prunedRatio: 0 } }];
    const broken = { ...runDocument(RUN), measuredSizes: { ...RUN.measuredSizes, rows } };
    expect(readRun(throughJson(broken))).toEqual({ ...RUN, measuredSizes: null });
  });

  test('from before stages could be trained have trained none', () => {
    const {
      fineTuneStages: _,
      fineTuneRate: __,
      fineTuneEpochs: ___,
      stageRateDecay: ____,
      ...settings
    } = RUN.settings;
    const curves = RUN.curves.map(({ phase: _____, ...epoch }) => epoch);
    const read = readRun(throughJson(runDocument({ ...RUN, settings, curves } as unknown as Run)));
    expect(read.settings.fineTuneStages).toBe(0);
    expect(read.curves.every(({ phase }) => phase === 'head')).toBe(true);
  });
});

describe('projects', () => {
  test('come back as they were written', () => {
    const read = readProject(throughJson(projectDocument(PROJECT)), items);
    expect(read).toEqual({ project: PROJECT, droppedImageCount: 0 });
  });

  test('are listed with their counts', () => {
    expect(readProjectSummary(projectDocument(PROJECT))).toEqual({
      id: 'p1',
      name: 'Pets',
      updatedAtMs: 2,
      imageCount: 2,
      classCount: 2,
    });
  });

  test('open without the image records that are damaged or belong to no class', () => {
    const [first] = items;
    const bad = [{ ...first, hash: 'no hash' }, { ...first, classId: 'gone' }, null, 'text'];
    const read = readProject(projectDocument(PROJECT), [...items, ...bad]);
    expect(read.droppedImageCount).toBe(4);
    expect(read.project.dataset.images.size).toBe(2);
  });

  test('get usable settings in place of impossible ones', () => {
    const document = { ...projectDocument(PROJECT), settings: { epochs: -5, optimizer: 'magic', dropout: 'x' } };
    const { settings } = readProject(document, []).project;
    expect(settings.epochs).toBeGreaterThan(0);
    expect(settings.optimizer).toBe('adam');
    expect(typeof settings.dropout).toBe('number');
  });

  test('with ratios that do not add up get the default ratios and keep the seed', () => {
    const split = { trainRatio: 1, validationRatio: 1, testRatio: 1, seed: 9 };
    const read = readProject({ ...projectDocument(PROJECT), split }, []).project.split;
    expect(read).toEqual({ trainRatio: 0.7, validationRatio: 0.15, testRatio: 0.15, seed: 9 });
  });

  test('written before networks could be compared open without a comparison', () => {
    const { comparison: _, network: __, ...rest } = projectDocument(PROJECT);
    const older = { ...rest, schemaVersion: 1, backboneId: null };
    expect(readProject(older, items).project).toEqual({
      ...PROJECT,
      comparison: null,
      search: PROJECT.search,
      network: null,
    });
  });

  test('written when only the id of the network was kept open with that id as its name', () => {
    const { network: _, ...rest } = projectDocument(PROJECT);
    const older = { ...rest, schemaVersion: 2, backboneId: 'own-1' };
    const network = { id: 'own-1', name: 'own-1', sha256: null };
    expect(readProject(older, items).project).toEqual({ ...PROJECT, network });
  });

  test('open without a comparison that is damaged', () => {
    const comparison = { ...PROJECT.comparison, rows: [{ id: 'x' }] };
    expect(readProject({ ...projectDocument(PROJECT), comparison }, items).project.comparison).toBeNull();
  });
});

describe('runs', () => {
  test('come back from storage and from JSON as they were, undefined recalls included', () => {
    expect(readRun(runDocument(RUN))).toEqual(RUN);
    expect(readRun(throughJson(runDocument(RUN)))).toEqual(RUN);
  });

  test('results come back from storage and from a project file bit by bit', () => {
    expect(readArtifacts(artifactsDocument(ARTIFACTS))).toEqual(ARTIFACTS);
    const packed = packArtifacts(ARTIFACTS);
    expect(unpackArtifacts(throughJson(packed.description), packed.numbers)).toEqual(ARTIFACTS);
  });

  test('results from before stages could be tuned have none tuned', () => {
    const { tuned: _, ...stored } = artifactsDocument(ARTIFACTS);
    expect(readArtifacts(stored).tuned).toBeNull();
    const { description, numbers } = packArtifacts({ ...ARTIFACTS, tuned: null });
    const { tuned: __, ...older } = description;
    expect(unpackArtifacts(throughJson(older), numbers)).toEqual({ ...ARTIFACTS, tuned: null });
  });

  test('results without a model come back as well, and older ones keep theirs', () => {
    const headless = { ...ARTIFACTS, head: null };
    expect(readArtifacts(artifactsDocument(headless))).toEqual(headless);
    const { description, numbers } = packArtifacts(headless);
    expect(unpackArtifacts(throughJson(description), numbers)).toEqual(headless);
    expect(readArtifacts({ ...artifactsDocument(ARTIFACTS), schemaVersion: 1 })).toEqual(ARTIFACTS);
  });

  test('results of nearest neighbours come back from storage and from a project file', () => {
    const neighbours = {
      kernel: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
      bias: Float32Array.of(-1, 0, 1),
      inputLength: 3,
      outputLength: 3,
      activation: 'softmax',
    } as const;
    const votes = {
      kernel: Float32Array.of(1, 0, 0, 1, 1, 0),
      bias: Float32Array.of(0, 0),
      inputLength: 3,
      outputLength: 2,
      activation: 'linear',
    } as const;
    const artifacts = { ...ARTIFACTS, head: { layers: [neighbours, votes] } };
    expect(readArtifacts(artifactsDocument(artifacts))).toEqual(artifacts);
    const { description, numbers } = packArtifacts(artifacts);
    expect(unpackArtifacts(throughJson(description), numbers)).toEqual(artifacts);
    const run = { ...RUN, settings: { ...RUN.settings, head: 'neighbours' } } as const;
    expect(readRun(throughJson(runDocument(run)))).toEqual(run);
  });

  test('results whose lengths do not fit are refused', () => {
    const { description, numbers } = packArtifacts(ARTIFACTS);
    expect(codeOf(() => unpackArtifacts(description, numbers.slice(0, -4)))).toBe('file-unreadable');
    const layers = [{ inputLength: 1_000_000, outputLength: 100_000, activation: 'softmax' }];
    expect(codeOf(() => unpackArtifacts({ ...description, layers }, numbers))).toBe('file-unreadable');
    const predictions = { ...ARTIFACTS.predictions, classIndices: [0, 2] };
    expect(codeOf(() => readArtifacts(artifactsDocument({ ...ARTIFACTS, predictions })))).toBe('file-unreadable');
  });
});

describe('project files', () => {
  const files = [{ hash: 'a'.repeat(64), path: 'images/Cat/a.jpg', thumbnail: null }];
  const networks = [{ manifest: { id: 'own-1' }, paths: ['backbone/own-1/model.h5'] }];
  const contents = { files, runCount: 1, networks };

  test('come back as they were written', () => {
    const manifest = readProjectFileManifest(throughJson(projectFileManifest(PROJECT, contents)));
    expect(manifest).toEqual({ project: PROJECT, droppedImageCount: 0, ...contents });
  });

  test('from before networks travelled with them open without any', () => {
    const { networks: _, ...older } = { ...projectFileManifest(PROJECT, contents), schemaVersion: 1 };
    expect(readProjectFileManifest(throughJson(older))).toMatchObject({ project: PROJECT, files, networks: [] });
  });

  test('of another format are refused', () => {
    const document = { ...projectFileManifest(PROJECT, contents), format: 'other' };
    expect(codeOf(() => readProjectFileManifest(document))).toBe('file-unreadable');
  });
});

describe('migrations', () => {
  const steps = [
    (old: Readonly<Record<string, unknown>>) => ({ ...old, name: `${String(old.name)}+` }),
    (old: Readonly<Record<string, unknown>>) => ({ ...old, name: `${String(old.name)}*` }),
  ];

  test('apply in order, from the version the document has', () => {
    expect(migrate({ schemaVersion: 1, name: 'n' }, steps, 'x')).toEqual({ schemaVersion: 3, name: 'n+*' });
    expect(migrate({ schemaVersion: 2, name: 'n' }, steps, 'x')).toEqual({ schemaVersion: 3, name: 'n*' });
    expect(migrate({ schemaVersion: 3, name: 'n' }, steps, 'x')).toEqual({ schemaVersion: 3, name: 'n' });
  });

  test('refuse a document of a newer Graft, and one without a version', () => {
    expect(() => migrate({ schemaVersion: 4 }, steps, 'project')).toThrow('newer version');
    expect(codeOf(() => migrate({}, steps, 'project'))).toBe('file-unreadable');
    expect(codeOf(() => migrate(null, steps, 'project'))).toBe('file-unreadable');
  });
});

test('whatever is put in the place of one field, reading succeeds or fails with the one code', () => {
  const places: [() => Record<string, unknown>, (raw: unknown) => unknown][] = [
    [() => ({ ...projectDocument(PROJECT) }), (raw) => readProject(raw, items)],
    [() => ({ ...runDocument(RUN) }), readRun],
    [() => ({ ...artifactsDocument(ARTIFACTS) }), readArtifacts],
    [() => ({ ...projectFileManifest(PROJECT, { files: [], runCount: 0, networks: [] }) }), readProjectFileManifest],
  ];
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.nat(30), fc.jsonValue(), ([make, read], index, value) => {
      const document = make();
      const keys = Object.keys(document);
      document[keys[index % keys.length] ?? ''] = value;
      expect(['accepted', 'file-unreadable']).toContain(codeOf(() => read(document)));
    }),
    { numRuns: 1000 },
  );
});
