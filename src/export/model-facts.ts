import type { BackboneReport } from '../domain/backbone.ts';
import { classPartsOf, runCoverage } from '../domain/class-coverage.ts';
import type { Compression, MeasuredCompression } from '../domain/compression.ts';
import { macroClassCount, scorePredictions } from '../domain/metrics/scores.ts';
import type { Preprocessing } from '../domain/preprocessing.ts';
import type { Predictions, Run } from '../domain/run.ts';

/** What a program may want to know of a downloaded model; plain JSON. */
export interface ModelFactsInput {
  readonly kind: 'whole-model' | 'head-only';
  readonly run: Run;
  readonly predictions: Predictions;
  readonly backbone: BackboneReport;
  readonly preprocessing: Preprocessing;
  readonly graftVersion: string;
  readonly compression: Compression;
  readonly measured: MeasuredCompression | null;
}

/** The facts of the model card as JSON. Ratios are 0-1; scores are null where no test image was held out. */
export function modelFacts(input: ModelFactsInput): object {
  const { kind, run, predictions, backbone, preprocessing, graftVersion, compression, measured } = input;
  const scores = scorePredictions(predictions, 'test', run.classes.length);
  const coverage = runCoverage({ ...run, classParts: classPartsOf(predictions) });
  const { id, name, featureLength, licence, source, sha256 } = backbone;
  return {
    graftVersion,
    kind,
    preprocessing,
    note: preprocessing.sameAsTeachableMachine
      ? `Photos are cropped and scaled as Teachable Machine's loader does it in Chromium; other browsers and video frames may leave pixels out when they shrink.${prepareHint(kind)}`
      : `Trained with "${preprocessing.resizeMode}", but Teachable Machine's loader crops: give it square images prepared as model-card.md says.${prepareHint(kind)}`,
    backbone: { id, name, featureLength, licence, source, sha256 },
    run: {
      name: run.name,
      seed: run.settings.seed,
      settings: run.settings,
      automaticSettings: run.automaticSettings,
      epochs: run.curves.length,
      backend: run.backend,
    },
    untrainedClasses: coverage.untrained,
    split: { ratios: run.splitRatios, seed: run.splitSeed, counts: run.partCounts },
    // The scores below are those of the model before it was compressed.
    compression: { ...compression, answersMeasured: measured?.answers ?? null },
    testScores:
      scores.accuracy === null
        ? null
        : {
            imageCount: scores.imageCount,
            accuracyRatio: scores.accuracy.ratio,
            accuracyInterval95: [scores.accuracy.lowRatio, scores.accuracy.highRatio],
            macroClassCount: macroClassCount(scores),
            untestedClasses: coverage.untested,
            heldOutEdits: run.heldOutEdits,
            macroF1Ratio: scores.macro.f1Ratio,
            weightedF1Ratio: scores.weighted.f1Ratio,
          },
  };
}

/** A head alone comes without the page's files. */
function prepareHint(kind: ModelFactsInput['kind']): string {
  return kind === 'whole-model' ? ' page/prepare.js prepares them in a browser.' : '';
}

/** The version of Teachable Machine's image library whose files ours follow. */
const TEACHABLE_MACHINE_PACKAGE = '0.8.5';

/**
 * `metadata.json` as Teachable Machine's image library reads it; our own facts are under `userMetadata.graft`.
 * @param side side of the model's square input, px.
 */
export function teachableMachineMetadata(options: {
  readonly modelName: string;
  readonly labels: readonly string[];
  readonly side: number;
  readonly createdAtIso: string;
  readonly tfjsVersion: string;
  readonly facts: object;
}): object {
  return {
    tfjsVersion: options.tfjsVersion,
    packageVersion: TEACHABLE_MACHINE_PACKAGE,
    packageName: '@teachablemachine/image',
    timeStamp: options.createdAtIso,
    userMetadata: { graft: options.facts },
    modelName: options.modelName,
    labels: options.labels,
    imageSize: options.side,
  };
}

/** `labels.txt`: one line `index label` per class; line breaks in names become spaces. */
export function labelsText(labels: readonly string[]): string {
  return labels.map((label, index) => `${index} ${label.replace(/\s+/g, ' ')}\n`).join('');
}
