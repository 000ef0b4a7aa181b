import type { ChannelMoments, LayerInputs } from '../../domain/layer-inputs.ts';
import type { FoldedGraph } from '../../graph/folded-graph.ts';
import { withTunedStages } from '../../graph/split-at-stage.ts';
import { throwIfAborted } from '../../rpc/abort-error.ts';
import type { BackendName } from '../contract.ts';
import type { LookInput } from '../contract-measuring.ts';
import { RejectedImage } from '../decode.ts';
import { toInput } from '../embedder.ts';
import { type RunningGraph, startGraph } from '../interpreter.ts';
import type { PictureDesk } from '../picture-desk.ts';
import type { Session } from '../session.ts';
import * as tf from '../tf.ts';

interface LookContext {
  readonly session: Session;
  readonly desk: PictureDesk;
  readonly signal: AbortSignal;
  readonly yieldToEvents: () => Promise<void>;
}

/** A channel of which a few images show nothing counts this much of the strongest of its layer: others may show more. */
const LEAST_SHARE = 1e-3;

/** Moments of the channels of one image. */
interface Seen {
  readonly means: Float32Array;
  readonly squares: Float32Array;
}

type SeenChannels = ReadonlyMap<string, Seen>;

/** Features stand beside the nodes under a name that no node has. */
const FEATURES = '';

/**
 * What the layers of the network in use are given when it looks at images. Some suffice: sixteen or so.
 *
 * @returns null when none of the images can be read.
 * @throws RemoteError 'backbone-missing', 'stale-backbone'; DOMException 'AbortError'.
 */
export function layerInputs(input: LookInput, { session, desk, ...pause }: LookContext) {
  return session.withBackbone(input, async ({ graph: base, embedder }): Promise<LayerInputs | null> => {
    const { images, tuned, resizeMode } = input;
    const graph = tuned === null ? base : withTunedStages(base, tuned);
    const wish = { side: embedder.inputSide, mode: resizeMode };
    const { signal } = pause;
    const pictures: Uint8Array[] = [];
    for (const { hash, blob } of images) {
      throwIfAborted(signal);
      const pixels = await desk.pixels(hash, blob, wish, signal).catch(ignoreRejected);
      if (pixels !== null) pictures.push(pixels);
    }
    return inputsOf(graph, pictures, session.backend(), pause);
  });
}

/**
 * The same for any network and pictures.
 * @param pictures uint8 [side, side, 3] RGB each.
 * @returns null without any.
 */
export async function inputsOf(
  graph: FoldedGraph,
  pictures: readonly Uint8Array[],
  backend: BackendName,
  { signal, yieldToEvents }: Pick<LookContext, 'signal' | 'yieldToEvents'>,
): Promise<LayerInputs | null> {
  const running = startGraph(graph);
  const seen: SeenChannels[] = [];
  try {
    for (const pixels of pictures) {
      await yieldToEvents();
      throwIfAborted(signal);
      seen.push(await look(graph, running, pixels, backend));
    }
  } finally {
    running.dispose();
  }
  return seen.length === 0 ? null : summarised(seen);
}

function ignoreRejected(error: unknown): null {
  if (error instanceof RejectedImage) return null;
  throw error;
}

/** Of one image, by node name: mean and mean square of every channel of every kernel's input, and of the features. */
async function look(
  graph: FoldedGraph,
  running: RunningGraph,
  pixels: Uint8Array,
  backend: BackendName,
): Promise<SeenChannels> {
  const kept: [name: string, moments: readonly [tf.Tensor, tf.Tensor]][] = [];
  const keep = (name: string, x: tf.Tensor) => {
    const places = x.shape.slice(0, -1).map((_, axis) => axis);
    const square = tf.tidy(() => tf.mean(tf.square(x), places));
    kept.push([name, [tf.keep(tf.mean(x, places)), tf.keep(square)]]);
  };
  try {
    tf.tidy(() => {
      const features = running.run(toInput([pixels], 1, graph, backend), (node, [x]) => {
        if ('kernel' in node && x !== undefined) keep(node.name, x);
      });
      keep(FEATURES, features);
    });
    const values = kept.map(async ([name, [mean, square]]): Promise<[string, Seen]> => {
      return [name, { means: await copied(mean), squares: await copied(square) }];
    });
    return new Map(await Promise.all(values));
  } finally {
    tf.dispose(kept.flatMap(([, moments]) => [...moments]));
  }
}

/** Some backends hand out memory of their own. */
async function copied(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data<'float32'>()).slice();
}

function summarised(seen: readonly SeenChannels[]): LayerInputs {
  const momentsOf = (name: string): ChannelMoments => {
    const own = seen.flatMap((channels) => channels.get(name) ?? []);
    return {
      means: meanOf(own.map(({ means }) => means)),
      strengths: strengthsOf(meanOf(own.map(({ squares }) => squares))),
    };
  };
  const names = [...(seen[0]?.keys() ?? [])].filter((name) => name !== FEATURES);
  return { nodes: new Map(names.map((name) => [name, momentsOf(name)])), features: momentsOf(FEATURES) };
}

function meanOf(rows: readonly Float32Array[]): Float32Array {
  const means = new Float32Array(rows[0]?.length ?? 0);
  return means.map((_, channel) => rows.reduce((sum, row) => sum + (row[channel] ?? 0), 0) / rows.length);
}

function strengthsOf(squares: Float32Array): Float32Array {
  const roots = squares.map(Math.sqrt);
  const least = LEAST_SHARE * roots.reduce((most, root) => Math.max(most, root), 0);
  return roots.map((root) => Math.max(root, least));
}
