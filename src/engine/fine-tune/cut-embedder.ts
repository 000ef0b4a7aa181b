import type { BackendName } from '../contract.ts';
import { type Embedder, toInputOf } from '../embedder.ts';
import { startGraph } from '../interpreter.ts';
import * as tf from '../tf.ts';
import type { Cut } from './cut.ts';

/** Runs both parts of a cut network once: a row is the value at the cut, then the feature. The caller disposes it. */
export function createCutEmbedder(
  { lower, upper }: Cut,
  backend: BackendName,
  batchSize: number,
): Pick<Embedder, 'batchSize' | 'featureLength' | 'embed' | 'dispose'> {
  const [below, above] = [startGraph(lower), startGraph(upper)];
  const featureLength = lower.featureLength + upper.featureLength;
  return {
    batchSize,
    featureLength,
    async embed(images, views) {
      const rowCount = images.length === 1 ? 1 : batchSize;
      const rows = tf.tidy(() => {
        const atCut = below.run(toInputOf(images, views, rowCount, lower, backend));
        const features = above.run(tf.reshape(atCut, [rowCount, ...upper.inputShape]));
        return tf.concat([atCut, features], 1);
      });
      const values = await rows.data<'float32'>().finally(() => rows.dispose());
      // A copy without the padding; some backends hand out memory of their own.
      return values.slice(0, images.length * featureLength);
    },
    dispose: () => {
      below.dispose();
      above.dispose();
    },
  };
}
