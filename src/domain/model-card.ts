import { augmentationText } from './augmentation.ts';
import type { BackboneReport } from './backbone.ts';
import { classPartsOf, coverageSentences, runCoverage } from './class-coverage.ts';
import { type Compression, compressionText, isUncompressed, type MeasuredCompression } from './compression.ts';
import { PARTS, type Part } from './dataset.ts';
import { lastStagesText } from './fine-tune-words.ts';
import { heldOutEditsSentence } from './held-out-edits.ts';
import { headVerdict, keptWeightsText } from './kept-head-words.ts';
import { type ClassScore, macroClassCount, type PartScores, scorePredictions } from './metrics/scores.ts';
import type { RatioInterval } from './metrics/wilson.ts';
import { keptImagesText, NEIGHBOURS_PRIVACY } from './neighbours.ts';
import { percentOf } from './percent.ts';
import { type Preprocessing, preprocessingSteps } from './preprocessing.ts';
import type { Predictions, Run, RunEnd } from './run.ts';
import { didCount } from './run-settings.ts';
import { SETTINGS, type Setting } from './settings.ts';

/** Everything a model card tells. */
export interface ModelCardFacts {
  readonly projectName: string;
  readonly run: Run;
  /** What the run's model said of every image that took part. */
  readonly predictions: Predictions;
  readonly backbone: BackboneReport;
  readonly preprocessing: Preprocessing;
  readonly kind: 'whole-model' | 'head-only';
  readonly compression: Compression;
  /** What the compression was measured to change; null when it was not measured. */
  readonly measured: MeasuredCompression | null;
  /** When the download was made, ISO 8601. */
  readonly createdAtIso: string;
  readonly graftVersion: string;
}

/** Below this many test images a class's scores are little more than a guess. */
const FEW_TEST_IMAGES = 10;

const PART_NAMES: Readonly<Record<Part, string>> = { train: 'Training', validation: 'Validation', test: 'Test' };

const END_SENTENCES: Readonly<Record<RunEnd, string>> = {
  'all-epochs': 'all epochs were run',
  'early-stopping': 'training stopped by itself when the validation loss no longer fell',
  'stopped-by-user': 'training was stopped by hand',
  converged: 'the solver converged',
  'step-limit': 'the solver reached its limit of steps before it converged',
};

/** The model card as Markdown: what the model is, what it was made of, how good it is and where it ends. */
export function modelCard(facts: ModelCardFacts): string {
  const scores = scorePredictions(facts.predictions, 'test', facts.run.classes.length);
  return [
    ...introduction(facts),
    ...scoreSection(facts, scores),
    ...compressionSection(facts),
    ...dataSection(facts),
    ...trainingSection(facts.run),
    ...backboneSection(facts),
    ...preparingSection(facts),
    ...limitsSection(facts.run, scores),
    '',
  ].join('\n');
}

function introduction({ projectName, run, kind, createdAtIso, graftVersion }: ModelCardFacts): string[] {
  const what =
    kind === 'whole-model'
      ? 'An image classifier: a pretrained network (the backbone) with a newly trained head.'
      : 'The trained head of an image classifier. It takes the features of the backbone named below, not images.';
  return [
    `# ${plain(projectName)}`,
    '',
    what,
    '',
    `- Classes: ${run.classes.map((label) => plain(label.name)).join(', ')}`,
    `- Trained: ${new Date(run.startedAtMs).toISOString().slice(0, 10)} (run "${plain(run.name)}")`,
    `- Written: ${createdAtIso.slice(0, 10)} by Graft ${graftVersion}, in a browser; no image left the device`,
  ];
}

function scoreSection({ run, predictions }: ModelCardFacts, scores: PartScores): string[] {
  const heading = ['', '## How good it is', ''];
  if (scores.accuracy === null) {
    return [...heading, 'Not measured: no image was held out for testing. Do not rely on the model before testing it.'];
  }
  const rows = scores.classes.map((score) => [
    plain(run.classes[score.classIndex]?.name ?? ''),
    String(score.supportCount),
    ...classRatios(score),
  ]);
  return [
    ...heading,
    `Accuracy **${percent(scores.accuracy.ratio)}** (${scores.correctCount} of ${scores.imageCount} held-out test images right); ${interval(scores.accuracy)}.`,
    'The test images took no part in training or in choosing the best epoch.',
    '',
    ...scoreWarnings({ run, predictions }),
    ...table(['Class', 'Test images', 'Precision', 'Recall', 'F1'], rows),
    '',
    `Macro average over ${macroClassCount(scores)} of ${scores.classes.length} classes: precision ${percent(scores.macro.precisionRatio)}, recall ${percent(scores.macro.recallRatio)}, F1 ${percent(scores.macro.f1Ratio)}.`,
    `Weighted average: precision ${percent(scores.weighted.precisionRatio)}, recall ${percent(scores.weighted.recallRatio)}, F1 ${percent(scores.weighted.f1Ratio)}.`,
  ];
}

/** What the scores say nothing of, and why they may be too good. */
function scoreWarnings({ run, predictions }: Pick<ModelCardFacts, 'run' | 'predictions'>): string[] {
  const sentences = [
    ...coverageSentences(runCoverage({ ...run, classParts: classPartsOf(predictions) })),
    heldOutEditsSentence(run.heldOutEdits),
  ];
  return sentences.flatMap((sentence) => (sentence === null ? [] : [`**${plain(sentence)}**`, '']));
}

function compressionSection({ compression, measured }: ModelCardFacts): string[] {
  if (isUncompressed(compression)) return [];
  const answers = measured?.answers ?? null;
  return [
    '',
    '## Compression',
    '',
    `The weights of this download are ${compressionText(compression)}. The scores above are those of the model before that.`,
    answers === null
      ? 'What the compression does to its answers was not measured. Test it before you rely on it.'
      : `Measured with the compressed weights on ${answers.imageCount} test images: ${answers.correctCountAfter} right instead of ${answers.correctCountBefore}; the answer to ${answers.changedCount} of them changed.`,
  ];
}

function classRatios(score: ClassScore): string[] {
  return [
    score.precisionDefined ? percent(score.precisionRatio) : '-',
    score.recallDefined ? percent(score.recallRatio) : '-',
    score.f1Defined ? percent(score.f1Ratio) : '-',
  ];
}

function dataSection({ run, predictions }: ModelCardFacts): string[] {
  const counts = classPartsOf(predictions);
  const rows = run.classes.map((label, classIndex) => [plain(label.name), ...countCells(counts[classIndex] ?? NONE)]);
  const ratios = PARTS.map((part) => Math.round(run.splitRatios[part] * 100)).join(' / ');
  const seed = run.splitSeed === null ? 'a seed' : `the seed ${run.splitSeed}`;
  return [
    '',
    '## Data',
    '',
    ...table(
      ['Class', ...PARTS.map((part) => PART_NAMES[part]), 'Together'],
      [...rows, ['All', ...countCells(run.partCounts)]],
    ),
    '',
    `Wanted split: ${ratios} % (training / validation / test), by class, decided by the images' content and ${seed}, so exact copies are always in the same part.`,
  ];
}

const NONE: Readonly<Record<Part, number>> = { train: 0, validation: 0, test: 0 };

function countCells(counts: Readonly<Record<Part, number>>): string[] {
  const numbers = PARTS.map((part) => counts[part]);
  return [...numbers, numbers.reduce((sum, count) => sum + count, 0)].map(String);
}

function whatWasTrained({ tunedStageCount }: Run): string {
  if (tunedStageCount === 0) return 'Only the head was trained; the backbone stayed as it was.';
  return `The head and ${lastStagesText(tunedStageCount)} of the backbone were trained; the rest of it stayed as it was.`;
}

function trainingSection(run: Run): string[] {
  const epochs = `${run.curves.length} ${run.curves.length === 1 ? 'epoch' : 'epochs'}`;
  return [
    '',
    '## Training',
    '',
    `${whatWasTrained(run)} Ran ${epochs} on ${run.backend}: ${END_SENTENCES[run.end]}. ${keptWeightsText(run)}`,
    ...(run.classifier === null ? [] : ['', headVerdict(run) ?? '']),
    ...keptImages(run),
    '',
    ...table(
      ['Setting', 'Value'],
      SETTINGS.filter((setting) => didCount(setting, run)).map((setting) => [
        setting.label,
        `${settingText(setting, run)}${chosenBy(setting, run)}`,
      ]),
    ),
  ];
}

function keptImages(run: Run): string[] {
  const kept = keptImagesText(run);
  return kept === null ? [] : ['', `The head is the training images themselves. ${kept} ${NEIGHBOURS_PRIVACY}`];
}

/** Says so where a value was left to Graft. */
function chosenBy({ key }: Setting, { automaticSettings }: Run): string {
  return automaticSettings?.includes(key) === true ? ' (automatic)' : '';
}

function settingText(setting: Setting, run: Run): string {
  const value = run.settings[setting.key];
  if (setting.kind === 'choice')
    return setting.options.find((option) => option.value === value)?.label ?? String(value);
  if (setting.kind === 'switch') return value === true ? 'on' : 'off';
  if (setting.kind === 'augmentation') return augmentationText(run.settings.augment);
  return `${value} ${setting.unit}`.trim();
}

function backboneSection({ backbone }: ModelCardFacts): string[] {
  return [
    '',
    '## Backbone',
    '',
    `- ${plain(backbone.name)} (\`${code(backbone.id)}\`), ${backbone.parameterCount.toLocaleString('en')} parameters, ${backbone.featureLength} features`,
    `- Licence: ${plain(backbone.licence)}. It goes on to apply to the backbone's weights in this download.`,
    `- Source: ${plain(backbone.source)}`,
    `- SHA-256: \`${code(backbone.sha256)}\``,
  ];
}

function preparingSection({ preprocessing, kind, run }: ModelCardFacts): string[] {
  const steps = preprocessingSteps(preprocessing).map((step, index) => `${index + 1}. ${step}`);
  const given = run.tunedStageCount > 0 ? 'what it computes up to the layer that README.txt names' : 'its features';
  const headOnly = `Prepare images so, in the way your copy of the backbone expects its scaling, and give ${given} to the head.`;
  return [
    '',
    '## Preparing images',
    '',
    'Images must be prepared exactly as in training, or the model predicts something else:',
    '',
    ...steps,
    '',
    ...(kind === 'head-only' ? [headOnly] : teachableMachineNote(preprocessing)),
    '`parity/expected.json` holds images with the exact pixels and the probabilities to expect: a program that prepares images rightly comes within 0.0001 on the pixels, and close to it on the originals.',
    ...(kind === 'whole-model' ? filesSection() : []),
  ];
}

const PREPARE_FIRST =
  '`page/prepare.js` does it in a browser: `model.predict(prepareImage(image, metadata.userMetadata.graft.preprocessing))`, with `metadata` from `metadata.json`.';

function teachableMachineNote({ sameAsTeachableMachine, resizeMode }: Preprocessing): string[] {
  if (sameAsTeachableMachine) {
    return [
      `Programs that read Teachable Machine models crop and scale in the same way, and in Chrome and its relatives photos of any size come out the same. Other browsers, video frames and canvases may be shrunk more coarsely there, by leaving pixels out; probabilities can then differ by ten percentage points and more. Prepare such images before you hand them over. ${PREPARE_FIRST}`,
      '',
    ];
  }
  return [
    `**Programs that read Teachable Machine models always crop.** This model was trained with "${resizeMode}": give them square images that were prepared as above, or scores will be lower there. ${PREPARE_FIRST}`,
    '',
  ];
}

function filesSection(): string[] {
  return [
    '',
    '## Files',
    '',
    '- `index.html`: try the model; opens from disk and from any web server, without a network. It loads the files in `page/`: TensorFlow.js, and the model once more as a script, since a page opened from disk may not read other files.',
    '- `model.json`, `weights.bin`: TensorFlow.js layers model (`tf.loadLayersModel`)',
    "- `metadata.json`: class names and facts; with the two above readable by Teachable Machine's library (`tmImage.load`)",
    '- `labels.txt`: class index and name',
    '- `parity/`: images to check another program with',
  ];
}

function limitsSection(run: Run, scores: PartScores): string[] {
  const few = scores.classes.filter((score) => score.supportCount < FEW_TEST_IMAGES);
  const names = few.map((score) => plain(run.classes[score.classIndex]?.name ?? '')).join(', ');
  return [
    '',
    '## Intended use and limits',
    '',
    '- Made to sort images like those it was trained on into the classes above. It always answers with one of them, also for an image that shows none.',
    '- The scores hold for images of the same kind and source as the test images. Other cameras, places, light or people may bring it far lower: test it on your own images first.',
    '- Pictures that nearly repeat each other (bursts, frames of one video) may lie in training and test alike and make the scores look better than they are.',
    '- The probabilities are the model\'s own and were not calibrated: "90 %" does not promise to be right nine times in ten.',
    '- What the backbone learnt, its gaps and prejudices included, came from its own training data, which this project did not choose.',
    '- Not made for decisions about health, safety, rights or access without people who check them.',
    ...(few.length === 0 ? [] : [`- Fewer than ${FEW_TEST_IMAGES} test images, so hardly measured: ${names}.`]),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)];
}

function percent(ratio: number): string {
  return percentOf(ratio, 1).replace('\u00a0', ' ');
}

function interval({ lowRatio, highRatio }: RatioInterval): string {
  return `95 % sure between ${percent(lowRatio)} and ${percent(highRatio)} (Wilson interval)`;
}

/** Text a user typed, harmless in Markdown: one line, no markup, no table borders. */
function plain(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|#]/g, '\\$&');
}

function code(text: string): string {
  return text.replace(/[\s`|]+/g, ' ');
}
