import type { FoldedGraph, FoldedNode } from '../graph/folded-graph.ts';
import { computeNode, uploadWeights } from './compute-node.ts';
import * as tf from './tf.ts';

/** A folded graph whose weights are on the device. */
export interface RunningGraph {
  /**
   * @param input float32 [batch, side, side, 3], scaled as the graph's `pixels` say; of an upper graph, the values at
   * its cut. Borrowed.
   * @param look is shown every node with what it is given, just before it is computed. Borrowed.
   * @returns float32 [batch, featureLength]. Owned by the caller. Synchronous: on a GPU only the commands are written.
   */
  run(input: tf.Tensor4D, look?: (node: FoldedNode, inputs: readonly tf.Tensor[]) => void): tf.Tensor2D;
  dispose(): void;
}

/** For every node the inputs nobody needs after it, so that activations are freed as early as they can be. */
function lastUses(nodes: readonly FoldedNode[]): string[][] {
  const seen = new Set<string>();
  const uses: string[][] = nodes.map(() => []);
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    for (const input of new Set(nodes[index]?.inputs)) {
      if (!seen.has(input)) uses[index]?.push(input);
      seen.add(input);
    }
  }
  return uses;
}

/**
 * Puts the weights of a folded graph on the device, once, and runs it with fused operations.
 * Bias and activation happen inside the convolution kernels, which is what makes folding worth while.
 */
export function startGraph(graph: Pick<FoldedGraph, 'nodes'>): RunningGraph {
  const weights = new Map(graph.nodes.map((node) => [node.name, uploadWeights(node)]));
  const freed = lastUses(graph.nodes);

  const run: RunningGraph['run'] = (input, look) => {
    return tf.tidy(() => {
      const values = new Map<string, tf.Tensor>();
      let last: tf.Tensor = input;
      graph.nodes.forEach((node, index) => {
        const inputs = node.op === 'input' ? [input] : node.inputs.map((name) => values.get(name) as tf.Tensor);
        look?.(node, inputs);
        // What a node needs only on the way, such as the parts of a grouped convolution, is freed at once.
        last = tf.tidy(() => computeNode(node, inputs, weights.get(node.name) ?? []));
        values.set(node.name, last);
        for (const name of freed[index] ?? []) values.get(name)?.dispose();
      });
      return last as tf.Tensor2D;
    });
  };

  function dispose(): void {
    for (const tensors of weights.values()) tf.dispose([...tensors]);
    weights.clear();
  }

  return { run, dispose };
}
