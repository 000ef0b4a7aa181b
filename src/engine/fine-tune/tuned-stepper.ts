import type { HeadWeights } from '../../domain/head.ts';
import type { ResolvedSettings } from '../../domain/settings.ts';
import type { TunedWeights } from '../../domain/tuned-stages.ts';
import type { UpperGraph } from '../../graph/split-at-stage.ts';
import { uploadWeights } from '../compute-node.ts';
import { type FeatureScale, foldScale, unfoldScale } from '../heads/feature-scale.ts';
import * as tf from '../tf.ts';
import { type Batch, createBatchFeed } from '../training/batch-feed.ts';
import { toDevice } from '../training/device-batch.ts';
import { l2Decay } from '../training/device-stepper.ts';
import { dropoutMask } from '../training/dropout.ts';
import type { HeadShape } from '../training/head-shape.ts';
import { gradientsOf } from '../training/network.ts';
import {
  initialOptimizerState,
  type OptimizerState,
  optimizerStep,
  type Slotted,
  startSlots,
  stepSlots,
  tensorsOf,
} from '../training/optimizer.ts';
import { optimizerRates } from '../training/optimizer-rates.ts';
import { type Parameters, readParameters, toParameters } from '../training/parameters.ts';
import type { PartRows } from '../training/rows-by-part.ts';
import { learningRateAt } from '../training/schedule.ts';
import type { EpochResult, Stepper } from '../training/stepper.ts';
import { type DeviceScale, openScale } from './device-scale.ts';
import { type JudgedRows, judgeRows } from './judge-rows.ts';
import { backward, forward, readWeights, type WeightsByNode } from './trained-graph.ts';

/** What the second phase works on. Borrowed. */
export interface TunedStepperInput {
  readonly graph: UpperGraph;
  /** Stage of a node, 0 for the one nearest the output. */
  readonly stageOf: (nodeName: string) => number;
  /** Values at the cut of some rows, float32 [rows, height * width * channels]. */
  readonly activations: (rowIndices: Int32Array) => Float32Array;
  readonly head: HeadWeights;
  /**
   * The scale that the head learns on, as in the phase before: measured on the features that the stages begin with and left
   * there while they move. Absent: the features as they are.
   */
  readonly scale?: FeatureScale | null;
  readonly train: PartRows;
  readonly judge: PartRows;
  readonly shape: HeadShape;
  /** Learning rate and epochs are those of this phase. */
  readonly settings: ResolvedSettings;
}

/** Head and stages of a run, moved on step by step. */
export interface TunedStepper extends Stepper {
  /** Judges the present weights, image by image. */
  judge(): Promise<JudgedRows>;
  /** What the judge said of the weights remembered last. */
  readonly kept: JudgedRows | null;
  /** Weights of the stages remembered last. */
  readKeptStages(): Promise<TunedWeights[]>;
}

/** The input of a stepper with its head and scale as steps take them. */
type StepInput = TunedStepperInput & { readonly toScale: DeviceScale | null };

/** One node's weights on their way through training. A type and not an interface: only that can be returned from a tidy. */
type TrainedNode = { readonly name: string; readonly tensors: Slotted<tf.Tensor>[] };

/** Everything a step replaces. */
type Moving = { readonly optimizer: OptimizerState; readonly nodes: TrainedNode[]; readonly sums: tf.Tensor1D };

type Kept = { readonly parameters: Parameters; readonly nodes: WeightsByNode };

/** Trains head and stages with tfjs operations. The penalty of L2 holds back the head only: the stages start out good. */
export function createTunedStepper(given: TunedStepperInput): TunedStepper {
  const { train, judge: judgedPart, shape, settings, stageOf, scale = null } = given;
  const toScale = scale === null ? null : openScale(scale);
  const input = { ...given, toScale, head: scale === null ? given.head : unfoldScale(given.head, scale) };
  const feed = createBatchFeed(train, shape, settings);
  const decay = l2Decay(shape, settings.l2);
  const stepCount = feed.batchCount * settings.epochs;
  let moving = startMoving(input);
  let kept: Kept | null = null;
  let keptJudged: JudgedRows | null = null;
  let lastJudged: JudgedRows | null = null;
  let stepIndex = 0;
  let epochFirstStep = 0;
  let countedRows = 0;
  let learningRate = 0;

  const parameters = (): Parameters => ({
    kernel: moving.optimizer.kernel.weight,
    rest: moving.optimizer.rest.weight,
  });
  const weights = (): WeightsByNode =>
    new Map(moving.nodes.map(({ name, tensors }) => [name, tensors.map(({ weight }) => weight)]));
  const judge = () => judgeRows(input, weights(), parameters(), judgedPart, feed.batchSize);

  return {
    batchCount: feed.batchCount,
    get kept() {
      return keptJudged;
    },
    judge,
    startEpoch: () => {
      feed.startEpoch();
      epochFirstStep = stepIndex;
      countedRows = 0;
    },
    step: (batchIndex) => {
      learningRate = learningRateAt(stepIndex, stepCount, settings);
      const batch = feed.batch(batchIndex);
      countedRows += batch.countedRows;
      const isFirst = stepIndex === epochFirstStep;
      const next = tf.tidy((): Moving => {
        const { head, stages, sums } = slopesOf(input, weights(), parameters(), batch);
        const rates = optimizerRates(settings.optimizer, learningRate, stepIndex + 1);
        const nodes = moving.nodes.map(({ name, tensors }) => {
          const slower = { ...rates, rate: rates.rate * settings.stageRateDecay ** stageOf(name) };
          const slopes = stages.get(name) ?? [];
          return { name, tensors: tensors.map((state, index) => moved(state, slopes[index], settings, slower)) };
        });
        const optimizer = optimizerStep(moving.optimizer, head, settings.optimizer, decay, rates);
        return { optimizer, nodes, sums: isFirst ? sums : tf.add<tf.Tensor1D>(moving.sums, sums) };
      });
      tf.dispose(allOf(moving));
      moving = next;
      stepIndex += 1;
    },
    finishEpoch: async (): Promise<EpochResult> => {
      const measured = tf.tidy(() => tf.concat1d([moving.sums, weightSum(moving)]));
      const values = await measured.data<'float32'>().finally(() => measured.dispose());
      lastJudged = await judge();
      return {
        trainLoss: (values[0] ?? Number.NaN) / countedRows,
        trainAccuracyRatio: (values[1] ?? 0) / countedRows,
        countedRows,
        weightsFinite: Number.isFinite(values[2]),
        judged: lastJudged.judgement,
        judgedPart: judgedPart.part,
        learningRate,
      };
    },
    keepWeights: () => {
      disposeKept(kept);
      // A clone shares the memory of its original: weights are replaced in training, never written to.
      const { kernel, rest } = parameters();
      const nodes = new Map([...weights()].map(([name, own]) => [name, own.map((tensor) => tf.clone(tensor))]));
      kept = { parameters: { kernel: tf.clone(kernel), rest: tf.clone(rest) }, nodes };
      keptJudged = lastJudged;
    },
    readKept: async () => {
      const head = await readParameters(kept?.parameters ?? parameters(), shape);
      return scale === null ? head : foldScale(head, scale);
    },
    readKeptStages: async () => {
      const read: TunedWeights[] = [];
      for (const [name, own] of kept?.nodes ?? weights()) read.push(await readWeights(name, own));
      return read;
    },
    dispose: () => {
      disposeKept(kept);
      tf.dispose(allOf(moving));
      if (decay !== null) decay.rest.dispose();
      toScale?.dispose();
    },
  };
}

function startMoving({ graph, head, settings }: TunedStepperInput): Moving {
  const nodes = graph.nodes
    .map((node) => ({ name: node.name, weights: uploadWeights(node) }))
    .filter(({ weights }) => weights.length > 0)
    .map(({ name, weights }) => ({ name, tensors: weights.map((weight) => startSlots(weight, settings.optimizer)) }));
  return { optimizer: initialOptimizerState(toParameters(head), settings.optimizer), nodes, sums: tf.zeros([2]) };
}

/** Slopes of the loss of one batch in head and stages. To be called inside a tidy. */
function slopesOf(
  { graph, activations, shape, toScale }: StepInput,
  weights: WeightsByNode,
  parameters: Parameters,
  batch: Batch,
) {
  const batchSize = batch.rowIndices.length;
  const atCut = tf.tensor4d(activations(batch.rowIndices), [batchSize, ...graph.inputShape]);
  const pass = forward(graph, weights, atCut);
  const { inputDropout } = batch;
  const mask =
    inputDropout === null
      ? null
      : tf.tensor2d(dropoutMask(inputDropout, batchSize * shape.featureLength), [batchSize, shape.featureLength]);
  const scaled = toScale === null ? pass.features : toScale.apply(pass.features);
  const rows = mask === null ? scaled : tf.mul<tf.Tensor2D>(scaled, mask);
  const head = gradientsOf(parameters, shape, toDevice(batch, { take: () => rows, dispose: () => {} }, shape));
  const ofRows = tf.matMul<tf.Tensor2D>(head.firstSlope, tf.transpose(parameters.kernel));
  const ofScaled = mask === null ? ofRows : tf.mul<tf.Tensor2D>(ofRows, mask);
  const ofFeatures = toScale === null ? ofScaled : tf.mul<tf.Tensor2D>(ofScaled, toScale.factor);
  return { head, stages: backward(graph, weights, pass, ofFeatures), sums: head.sums };
}

function moved(
  state: Slotted<tf.Tensor>,
  slope: tf.Tensor | undefined,
  { optimizer }: ResolvedSettings,
  rates: ReturnType<typeof optimizerRates>,
): Slotted<tf.Tensor> {
  // A node whose value nobody uses has no slope: it stays.
  if (slope === undefined) return { weight: tf.clone(state.weight), slots: state.slots.map((slot) => tf.clone(slot)) };
  return stepSlots(state, slope, optimizer, rates);
}

function allOf({ optimizer, nodes, sums }: Moving): tf.Tensor[] {
  const stages = nodes.flatMap(({ tensors }) => tensors.flatMap(({ weight, slots }) => [weight, ...slots]));
  return [...tensorsOf(optimizer), ...stages, sums];
}

/** float32 [1]; NaN or infinite when any weight is. */
function weightSum({ optimizer, nodes }: Moving): tf.Tensor1D {
  const weights = [optimizer.kernel, optimizer.rest, ...nodes.flatMap(({ tensors }) => tensors)];
  return tf.reshape(tf.addN(weights.map(({ weight }) => tf.sum(weight))), [1]);
}

function disposeKept(kept: Kept | null): void {
  if (kept !== null) tf.dispose([kept.parameters.kernel, kept.parameters.rest, ...[...kept.nodes.values()].flat()]);
}
