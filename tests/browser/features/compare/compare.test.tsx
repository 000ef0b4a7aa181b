import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Comparison, ComparisonRow } from '../../../../src/domain/comparison.ts';
import { datasetFingerprint } from '../../../../src/domain/fingerprint.ts';
import { CompareTab } from '../../../../src/features/compare/CompareTab.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { sampleJob } from '../../../helpers/browser/sample-jobs.ts';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => {
  stage?.leave();
  stage = null;
});

const NET = 'mobilenet_v2_0.35_224';

function row(
  id: string,
  name: string,
  kind: ComparisonRow['kind'],
  rightCount: number,
  batchMs: number,
): ComparisonRow {
  const outcomes = '1'.repeat(rightCount) + '0'.repeat(100 - rightCount);
  const figures = {
    featureLength: 1280,
    parameterCount: 410_208,
    downloadBytes: 1_700_000,
    loadMs: 420,
    heldBytes: 1_640_832,
  };
  return {
    id,
    name,
    kind,
    result: { kind: 'measured', ...figures, singleMs: batchMs * 2, batchMs, batchSize: 16, headMs: 900, outcomes },
  };
}

const ROWS: readonly ComparisonRow[] = [
  row('pixels', 'Raw pixels', 'pixels', 48, 0.8),
  row('untrained', 'Untrained MobileNet v2 0.35', 'untrained', 40, 12),
  row(NET, 'MobileNet v2 0.35', 'network', 84, 12),
  row('slow', 'Slow and no better', 'network', 52, 90),
  {
    id: 'away',
    name: 'ResNet-50',
    kind: 'network',
    result: { kind: 'failed', reason: 'The network could not be downloaded.' },
  },
];

/** Five classes of a hundred images with a comparison made on them. */
function comparedState(change: Partial<Comparison> = {}): AppState {
  const state = untrainedState();
  const { project } = state;
  if (project === null) throw new Error('no project');
  const comparison: Comparison = {
    datasetFingerprint: datasetFingerprint(project.dataset, project.split),
    resizeMode: 'crop',
    device: { backend: 'wasm', adapter: '', threadCount: 2 },
    imageCount: 100,
    availableCount: 425,
    classCount: 5,
    foldCount: 5,
    endedAtMs: Date.UTC(2026, 4, 17, 9, 30),
    rows: ROWS,
    ...change,
  };
  const manifest = {
    id: NET,
    name: 'MobileNet v2 0.35',
    family: 'mobilenet-v2',
    inputSide: 224,
    pixels: '[-1,1]',
    featureLayer: null,
    licence: 'Apache-2.0',
    source: 'Sample',
    sizeBytes: 1_700_000,
  } as const;
  const entries = [
    { manifest, origin: 'bundled', urls: ['a/model.json'] },
    {
      manifest: { ...manifest, id: 'slow', name: 'Slow and no better', family: 'other' },
      origin: 'official',
      urls: ['b'],
    },
  ] as const;
  return { ...state, project: { ...project, comparison }, backbones: { ...state.backbones, entries } };
}

test('before there are images the tab says what it is for', async () => {
  stage = onStage(<CompareTab />, untrainedState(2, 2), recordingCommands().commands);
  await expect.element(page.getByText('Which network suits these photos?')).toBeVisible();
  await expect.element(page.getByText(/Add images first: at least 10/)).toBeVisible();
});

test('every row has its figures and verdict, and a failed one its reason', async () => {
  stage = onStage(<CompareTab />, comparedState(), recordingCommands().commands);
  const line = (name: RegExp) => page.getByRole('row', { name });
  await expect
    .element(line(/^MobileNet v2 0.35 best trade-off in use Transfer helps: 36 points better than “Raw pixels”/))
    .toBeVisible();
  await expect
    .element(
      line(
        /^Slow and no better.*That transfer helps is not shown with 100 images: 4 points better than “Raw pixels”, which may be chance/,
      ),
    )
    .toBeVisible();
  await expect.element(line(/^ResNet-50.*Not measured: The network could not be downloaded/)).toBeVisible();
  await expect.element(line(/^Untrained.*no pretraining 40.0\s% 31 to 50 12\sms 24\sms/)).toBeVisible();
  await expect
    .element(
      page.getByText(
        'MobileNet v2 0.35 is the most accurate here: 84\u00a0% of 100 images right, 95\u00a0% sure between 76 and 90.',
      ),
    )
    .toBeVisible();
});

test('the chart shows every measured row, and its table names them', async () => {
  stage = onStage(<CompareTab />, comparedState(), recordingCommands().commands);
  const figure = page.getByRole('figure', { name: /^Time against accuracy/ });
  await expect.poll(() => figure.element().querySelectorAll('.recharts-surface circle').length).toBe(4);
  await figure.getByRole('button', { name: 'Table' }).click();
  await expect
    .element(figure.getByRole('row', { name: 'MobileNet v2 0.35 12 84 75.6 89.9 best trade-off' }))
    .toBeVisible();
});

test('one press switches to a network, and not while another comparison runs', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<CompareTab />, comparedState(), commands);
  await page.getByRole('button', { name: 'Use Slow and no better' }).click();
  expect(named('useBackbone')[0]?.args).toEqual(['slow']);
  stage.store.setState({
    jobs: [
      sampleJob('comparison', {
        candidates: [{ id: 'slow', name: 'Slow' }],
        index: 0,
        stage: 'features',
        doneCount: 5,
        totalCount: 50,
        secondsLeft: 8,
      }),
    ],
  });
  await expect.element(page.getByRole('progressbar', { name: 'Slow (1 of 1)' })).toBeVisible();
  await expect.element(page.getByText('computing features, 5 of 50')).toBeVisible();
  const blocked = page.getByRole('button', { name: 'Use Slow and no better' });
  await expect.element(blocked).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Stop and keep finished rows' }).click();
  expect(named('stopComparison')).toHaveLength(1);
});

test('networks that need no download are chosen at first, others on request', async () => {
  const { commands, named } = recordingCommands();
  stage = onStage(<CompareTab />, comparedState(), commands);
  await page.getByRole('button', { name: /^Networks: 1 of 2/ }).click();
  await expect.element(page.getByRole('checkbox', { name: /Slow.*downloads 1.7\sMB/ })).not.toBeChecked();
  await page.getByRole('checkbox', { name: /Slow/ }).click();
  await page.getByRole('button', { name: 'Compare 2 networks' }).click();
  expect(named('compareBackbones')[0]?.args).toEqual([{ ids: [NET, 'slow'], baselines: true, imageLimit: 1000 }]);
});

test.each([
  [{ datasetFingerprint: 'other' }, /Images, labels or the split have changed/],
  [{ device: { backend: 'webgpu', adapter: 'A', threadCount: 1 } }, /made on another device/],
  [{ resizeMode: 'pad' }, /made square in another way/],
] as const)('figures that are not of now are marked: %o', async (change, reason) => {
  stage = onStage(<CompareTab />, comparedState(change), recordingCommands().commands);
  await expect.element(page.getByText('This comparison is out of date')).toBeVisible();
  await expect.element(page.getByText(reason)).toBeVisible();
});
