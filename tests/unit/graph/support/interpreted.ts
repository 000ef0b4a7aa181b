import { startGraph } from '../../../../src/engine/interpreter.ts';
import type { FoldedGraph } from '../../../../src/graph/folded-graph.ts';
import type { tf } from './tfjs-reference.ts';

/** Features by the engine's own interpreter. */
export function interpreted(graph: FoldedGraph, images: tf.Tensor4D): Float32Array {
  const running = startGraph(graph);
  const output = running.run(images);
  const values = output.dataSync<'float32'>().slice();
  output.dispose();
  running.dispose();
  return values;
}
