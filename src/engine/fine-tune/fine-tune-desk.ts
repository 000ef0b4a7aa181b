import type { ContentHash } from '../../domain/dataset.ts';
import type { HeadWeights } from '../../domain/head.ts';
import type { TunedStages } from '../../domain/tuned-stages.ts';
import type { FoldedNode } from '../../graph/folded-graph.ts';
import { multiplyAddsOf } from '../../graph/multiply-adds.ts';
import { splitAtStage, withTunedStages } from '../../graph/split-at-stage.ts';
import type { ActivationEstimate, BackendName, TrainOutput } from '../contract.ts';
import { type EmbedContext, type Embedded, type EmbedItem, embedImages } from '../embed-images.ts';
import type { FeatureRow } from '../feature-cache.ts';
import { predictProbabilities } from '../head.ts';
import { startGraph } from '../interpreter.ts';
import type { LoadedBackbone } from '../load-backbone.ts';
import type { Workplace } from '../session.ts';
import * as tf from '../tf.ts';
import type { TrainOptions } from '../train.ts';
import { ActivationStore, activationBytes } from './activation-store.ts';
import { type Cut, cutNetwork } from './cut.ts';
import { createCutEmbedder } from './cut-embedder.ts';
import { openSpillFile } from './spill-file.ts';
import { type FineTuneOptions, trainFineTuned } from './train-fine-tuned.ts';

/** A step is a pass forward and two products as large backward: slopes of the weights and of the values. */
const PASSES_PER_STEP = 3;

/** A multiplication of a depthwise convolution takes a step so many times as long as one of a 1x1 (`npm run bench finetune`, wasm). */
const DEPTHWISE_WEIGHT = 100;

/** Work of a training step per pass, in multiplications of 1x1 convolutions. */
function stepWorkOf(nodes: readonly FoldedNode[]): number {
  const depthwise = multiplyAddsOf(nodes.filter(({ op }) => op === 'depthwise'));
  return multiplyAddsOf(nodes) + (DEPTHWISE_WEIGHT - 1) * depthwise;
}

/** Rows per prediction. */
const PREDICT_ROWS = 32;

/** Everything about fine-tuning that outlives a call: the activations at the cut in use. */
export class FineTuneDesk {
  private store: ActivationStore | null = null;
  private cut: { readonly graph: LoadedBackbone['graph']; readonly cut: Cut } | null = null;

  /** What the activations of some images cost before any is computed. @throws RemoteError 'fine-tune-impossible'. */
  estimate({ graph, report }: LoadedBackbone, stageCount: number, imageCount: number): ActivationEstimate {
    const { lower, upper } = this.cutOf(graph, stageCount);
    const multiplyMs = report.millisecondsPerImage / Math.max(1, multiplyAddsOf(graph.nodes));
    return {
      bytes: imageCount * activationBytes(lower.featureLength),
      seconds: (imageCount * report.millisecondsPerImage) / 1000,
      stepMsPerImage: PASSES_PER_STEP * multiplyMs * stepWorkOf(upper.nodes),
      judgeMsPerImage: multiplyMs * multiplyAddsOf(upper.nodes),
    };
  }

  /** Images without activations at the cut. */
  missing(workplace: Workplace, stageCount: number, hashes: readonly ContentHash[]): ContentHash[] {
    return this.storeFor(workplace, this.cutOf(workplace.backbone.graph, stageCount)).missing(hashes);
  }

  /** Runs the lower part once for each image and keeps what it gives; features come from it on the way and are kept, too. */
  async embed(
    workplace: Workplace,
    stageCount: number,
    backend: BackendName,
    images: readonly EmbedItem[],
    context: Omit<EmbedContext, 'embedder' | 'targets'>,
  ): Promise<Embedded> {
    const { backbone, store: features } = workplace;
    const cut = this.cutOf(backbone.graph, stageCount);
    const activations = this.storeFor(workplace, cut);
    const embedder = createCutEmbedder(cut, backend, backbone.embedder.batchSize);
    const { featureLength: atCut } = cut.lower;
    const store = {
      put: async (rows: readonly FeatureRow[]) => {
        await activations.put(rows.map(({ hash, values }) => ({ hash, values: values.subarray(0, atCut) })));
        return await features.put(rows.map(({ hash, values }) => ({ hash, values: values.slice(atCut) })));
      },
    };
    try {
      return await embedImages(images, { ...context, embedder, targets: [{ store, view: null }] });
    } finally {
      embedder.dispose();
    }
  }

  /** Head, then head and stages. @throws RemoteError 'features-missing' when an image has no activations. */
  async train(workplace: Workplace, options: TrainOptions & Pick<FineTuneOptions, 'onStages'>): Promise<TrainOutput> {
    const cut = this.cutOf(workplace.backbone.graph, options.settings.fineTuneStages);
    const store = this.storeFor(workplace, cut);
    const { hashes } = options.rows;
    const needed = hashes.filter((_, row) => options.rows.parts[row] !== 'test');
    // Found out before the head is trained.
    if (store.missing(needed).length > 0) store.gather(store.missing(needed));
    const activations = (rows: Int32Array) => store.gather(Array.from(rows, (row) => hashes[row] ?? ''));
    return await trainFineTuned({ ...options, cut, activations });
  }

  /** Probabilities by tuned stages and head, float32 [hashes.length, classCount]. @throws RemoteError 'features-missing'. */
  async predict(workplace: Workplace, tuned: TunedStages, head: HeadWeights, hashes: readonly ContentHash[]) {
    const cut = this.cutOf(workplace.backbone.graph, tuned.stageCount);
    const store = this.storeFor(workplace, cut);
    const running = startGraph(withTunedStages(splitAtStage(workplace.backbone.graph, tuned.stageCount).upper, tuned));
    const classCount = head.layers.at(-1)?.outputLength ?? 0;
    const probabilities = new Float32Array(hashes.length * classCount);
    try {
      for (let start = 0; start < hashes.length; start += PREDICT_ROWS) {
        const part = hashes.slice(start, start + PREDICT_ROWS);
        const values = store.gather(part);
        const features = tf.tidy(() => running.run(tf.tensor4d(values, [part.length, ...cut.upper.inputShape])));
        const rows = await predictProbabilities(features, head).finally(() => features.dispose());
        probabilities.set(rows, start * classCount);
      }
      return probabilities;
    } finally {
      running.dispose();
    }
  }

  forget(hashes: ReadonlySet<ContentHash>): void {
    this.store?.forget(hashes);
  }

  private cutOf(graph: LoadedBackbone['graph'], stageCount: number): Cut {
    const current = this.cut;
    if (current?.graph === graph && current.cut.stageCount === stageCount) return current.cut;
    const cut = cutNetwork(graph, stageCount);
    this.cut = { graph, cut };
    return cut;
  }

  /** One cut at a time: activations are large. */
  private storeFor({ backbone, store }: Workplace, { upper, lower }: Cut): ActivationStore {
    const key = [backbone.featureKey, upper.cutNode, store.mode].join('\n');
    if (this.store?.key === key) return this.store;
    this.store?.close();
    this.store = new ActivationStore(key, lower.featureLength, openSpillFile);
    return this.store;
  }
}
