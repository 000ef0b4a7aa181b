import type { ViewPlan } from '../../domain/augmented-view.ts';
import type { ContentHash } from '../../domain/dataset.ts';
import type { HeadWeights } from '../../domain/head.ts';
import type { TunedStages, TunedStart } from '../../domain/tuned-stages.ts';
import { withTunedStages } from '../../graph/split-at-stage.ts';
import type { BackendName, TrainingRows, TrainOutput } from '../contract.ts';
import type { ActivationEstimate } from '../contract-measuring.ts';
import { type EmbedContext, type Embedded, type EmbedItem, type EmbedTarget, embedImages } from '../embed-images.ts';
import type { FeatureRow } from '../feature-cache.ts';
import { predictProbabilities } from '../head.ts';
import { startGraph } from '../interpreter.ts';
import type { LoadedBackbone } from '../load-backbone.ts';
import type { Workplace } from '../session.ts';
import * as tf from '../tf.ts';
import type { TrainOptions } from '../train.ts';
import { rowsToTrainOn } from '../training/rows-by-part.ts';
import { embedTargets } from '../view-features.ts';
import type { ActivationStore } from './activation-store.ts';
import { type Cut, cutNetwork } from './cut.ts';
import { createCutEmbedder } from './cut-embedder.ts';
import { estimateActivations } from './estimate-activations.ts';
import { featuresAtCut } from './features-at-cut.ts';
import { KeptCuts } from './kept-cuts.ts';
import { rowName, rowNamesOf, viewsOf } from './row-names.ts';
import { openSpillFile } from './spill-file.ts';
import { type FineTuneOptions, trainFineTuned, trainStagesFurther } from './train-fine-tuned.ts';

/** Rows per prediction. */
const PREDICT_ROWS = 32;

/** Which values at the cut: below how many stages, and of which views of the images, or of the images as they are. */
interface AtCut {
  readonly stageCount: number;
  readonly views: ViewPlan | null;
}

type FineTuneRun = TrainOptions & Pick<FineTuneOptions, 'onStages'> & { readonly views: ViewPlan | null };

/** Everything about fine-tuning that outlives a call: the activations at the cuts in use. */
export class FineTuneDesk {
  private readonly kept = new KeptCuts(openSpillFile);
  private cut: { readonly graph: LoadedBackbone['graph']; readonly cut: Cut } | null = null;

  /** What the activations of some rows cost before any is computed. @throws RemoteError 'fine-tune-impossible'. */
  estimate(backbone: LoadedBackbone, stageCount: number, rowCount: number): ActivationEstimate {
    const { memoryBytes } = this.kept;
    return { ...estimateActivations(backbone, this.cutOf(backbone.graph, stageCount), rowCount), memoryBytes };
  }

  /** Images that lack the activations asked for. */
  missing(workplace: Workplace, { stageCount, views }: AtCut, hashes: readonly ContentHash[]): ContentHash[] {
    const store = this.storeFor(workplace, this.cutOf(workplace.backbone.graph, stageCount));
    if (views !== null) this.kept.keepViewsOf(views);
    const unique = [...new Set(hashes)];
    return unique.filter((hash) => store.missing(viewsOf(views).map((view) => rowName(hash, view))).length > 0);
  }

  /**
   * Runs the lower part once for each image, or for each of its views, and keeps what it gives; features come from it on
   * the way and are kept, too.
   */
  async embed(
    workplace: Workplace,
    { stageCount, views }: AtCut,
    backend: BackendName,
    images: readonly EmbedItem[],
    context: Omit<EmbedContext, 'embedder' | 'targets'>,
  ): Promise<Embedded> {
    const { backbone, store: features } = workplace;
    const cut = this.cutOf(backbone.graph, stageCount);
    const activations = this.storeFor(workplace, cut);
    if (views !== null) this.kept.keepViewsOf(views);
    this.kept.makeRoom(activations, images.length * (views?.viewCount ?? 1));
    const targets = (await embedTargets(features, views)).map((target) => splitRows(target, activations));
    const embedder = createCutEmbedder(cut, backend, backbone.embedder.batchSize);
    try {
      return await embedImages(images, { ...context, embedder, targets });
    } finally {
      embedder.dispose();
    }
  }

  /** Head, then head and stages. @throws RemoteError 'features-missing' when a row has no activations. */
  async train(workplace: Workplace, { views, ...options }: FineTuneRun): Promise<TrainOutput> {
    const cut = this.cutOf(workplace.backbone.graph, options.settings.fineTuneStages);
    const activations = this.activationsOf(workplace, cut, options.rows, views);
    return await trainFineTuned({ ...options, cut, activations });
  }

  /**
   * What stages of many trainings on the same rows are trained with, by how many of them there are.
   * @throws RemoteError 'features-missing' when a row has no activations at that cut.
   */
  stagesOf(workplace: Workplace, rows: TrainingRows, views: ViewPlan | null) {
    return (stageCount: number): Pick<FineTuneOptions, 'cut' | 'activations'> => {
      const cut = this.cutOf(workplace.backbone.graph, stageCount);
      return { cut, activations: this.activationsOf(workplace, cut, rows, views) };
    };
  }

  /**
   * Goes on from tuned stages and their head; stages below them start as pretrained.
   * @throws RemoteError 'features-missing'; GraphError where the stages do not fit the network.
   */
  async trainFurther(
    workplace: Workplace,
    { views, ...options }: Omit<FineTuneRun, 'features'>,
    { tuned, isHeadFirst }: TunedStart,
  ): Promise<TrainOutput> {
    const startedMs = options.now();
    const pretrained = this.cutOf(workplace.backbone.graph, options.settings.fineTuneStages);
    const upper = withTunedStages(pretrained.upper, tuned);
    const activations = this.activationsOf(workplace, pretrained, options.rows, views);
    const further: Omit<FineTuneOptions, 'features'> = {
      ...options,
      cut: { ...pretrained, upper },
      activations,
      tuned,
    };
    if (!isHeadFirst) return await trainStagesFurther(further);
    const { train, judge } = rowsToTrainOn(options.rows, options.viewCount);
    const rowIndices = Int32Array.from(new Set([...train.rowIndices, ...judge.rowIndices]));
    const rowCount = rowNamesOf(options.rows, views).length;
    const features = await featuresAtCut(upper, activations, rowIndices, rowCount, options);
    const output = await trainFineTuned({ ...further, features });
    return { ...output, elapsedMs: options.now() - startedMs };
  }

  /**
   * Probabilities by tuned stages and head, float32 [hashes.length, classCount]: with views the mean over the image and
   * its views. @throws RemoteError 'features-missing'.
   */
  async predict(
    workplace: Workplace,
    tuned: TunedStages,
    head: HeadWeights,
    hashes: readonly ContentHash[],
    views: ViewPlan | null,
  ): Promise<Float32Array<ArrayBuffer>> {
    const classCount = head.layers.at(-1)?.outputLength ?? 0;
    const seen = [null, ...(views === null ? [] : viewsOf(views))];
    const names = hashes.flatMap((hash) => seen.map((view) => rowName(hash, view)));
    const { cut, store } = this.keptBelow(workplace, tuned.stageCount, names);
    const running = startGraph(withTunedStages(cut.upper, tuned));
    const means = new Float32Array(hashes.length * classCount);
    try {
      for (let start = 0; start < hashes.length; start += PREDICT_ROWS) {
        const part = hashes.slice(start, start + PREDICT_ROWS);
        for (const view of seen) {
          const values = store.gather(part.map((hash) => rowName(hash, view)));
          const features = tf.tidy(() => running.run(tf.tensor4d(values, [part.length, ...cut.upper.inputShape])));
          const rows = await predictProbabilities(features, head).finally(() => features.dispose());
          const from = start * classCount;
          for (const [index, value] of rows.entries()) {
            means[from + index] = (means[from + index] ?? 0) + value / seen.length;
          }
        }
      }
      return means;
    } finally {
      running.dispose();
    }
  }

  forget(hashes: ReadonlySet<ContentHash>): void {
    this.kept.forget(hashes);
  }

  private cutOf(graph: LoadedBackbone['graph'], stageCount: number): Cut {
    const current = this.cut;
    if (current?.graph === graph && current.cut.stageCount === stageCount) return current.cut;
    const cut = cutNetwork(graph, stageCount);
    this.cut = { graph, cut };
    return cut;
  }

  /**
   * Values at the cut of a run's rows, by their positions.
   * @throws RemoteError 'features-missing' when a row to train or judge on has none: before anything is trained.
   */
  private activationsOf(workplace: Workplace, cut: Cut, rows: TrainingRows, views: ViewPlan | null) {
    const store = this.storeFor(workplace, cut);
    const names = rowNamesOf(rows, views);
    const missing = store.missing(names.filter((_, row) => rows.parts[row] !== 'test'));
    if (missing.length > 0) store.gather(missing);
    return (rowIndices: Int32Array) => store.gather(Array.from(rowIndices, (row) => names[row] ?? ''));
  }

  private storeFor({ backbone: { featureKey }, store: { mode } }: Workplace, cut: Cut): ActivationStore {
    return this.kept.storeFor({ featureKey, mode }, cut);
  }

  /**
   * Values of these rows at the cut below so many stages; those at a deeper cut serve as well, where a run went back to
   * fewer stages.
   */
  private keptBelow(workplace: Workplace, stageCount: number, names: readonly string[]) {
    const { backbone, store: features } = workplace;
    const place = { featureKey: backbone.featureKey, mode: features.mode };
    const found = this.kept.below(place, stageCount).find(({ store }) => store.missing(names).length === 0);
    if (found !== undefined) return found;
    const cut = this.cutOf(backbone.graph, stageCount);
    return { cut, store: this.storeFor(workplace, cut) };
  }
}

/** Rows of the cut embedder: what lies before the feature goes to the activations, the feature to its own target. */
function splitRows({ store, view }: EmbedTarget, activations: ActivationStore): EmbedTarget {
  const atCut = activations.rowLength;
  return {
    view,
    store: {
      put: async (rows: readonly FeatureRow[]) => {
        await activations.put(
          rows.map(({ hash, values }) => ({ name: rowName(hash, view), values: values.subarray(0, atCut) })),
        );
        return await store.put(rows.map(({ hash, values }) => ({ hash, values: values.slice(atCut) })));
      },
    },
  };
}
