const WHOLE_MODEL = `What is in this download

index.html      Open it in a browser (from disk is fine) and drop an image on it.
                It needs no network: page/ holds TensorFlow.js and the model.
model-card.md   What the model was trained on, how good it is, where it ends.
model.json      The whole network as a TensorFlow.js layers model,
weights.bin     and its weights.
metadata.json   Class names and facts about the model. With the two files above
                it can be read by programs that read Teachable Machine models.
labels.txt      Class index and class name, one a line.
parity/         Images, the exact pixels the model saw, and the probabilities to
                expect (expected.json): check your own program with them.

In a web page of your own:

  <script src="page/tf.min.js"></script>
  <script src="page/prepare.js"></script>

  const model = await tf.loadLayersModel('model.json');
  const metadata = await (await fetch('metadata.json')).json();
  const square = prepareImage(image, metadata.userMetadata.graft.preprocessing);
  const pixels = tf.browser.fromPixels(square).toFloat();
  const probabilities = model.predict(pixels.div(127).sub(1).expandDims(0));

The same with Teachable Machine's library, which takes a square that is prepared
already as it is (without, it always crops, and shrinks as the browser likes):

  const model = await tmImage.load('model.json', 'metadata.json');
  const metadata = await (await fetch('metadata.json')).json();
  const square = prepareImage(image, metadata.userMetadata.graft.preprocessing);
  const found = await model.predict(square);

page/tf.min.js is TensorFlow.js by Google LLC, Apache License 2.0
(https://www.apache.org/licenses/LICENSE-2.0).
The licence of the pretrained network is in model-card.md.
`;

const HEAD_ONLY = `What is in this download

model-card.md   What the model was trained on, how good it is, where it ends.
model.json      The head alone as a TensorFlow.js layers model,
weights.bin     and its weights. It takes the backbone's features, not images;
                model-card.md says which backbone.
metadata.json   Class names and facts about the model.
labels.txt      Class index and class name, one a line.
parity/         Images, the exact pixels the backbone saw, and the probabilities
                to expect from backbone and head together (expected.json).
`;

const FEATURES = `It takes the backbone's features, not images;
                model-card.md says which backbone.`;

/**
 * README.txt of a download: each file in a line or two.
 * @param cutNode layer whose value a head takes when stages of the backbone were trained with it; null for the feature.
 * @param cautions what the test score says nothing of, one sentence each.
 */
export function readme(
  kind: 'whole-model' | 'head-only',
  cutNode: string | null = null,
  cautions: readonly string[] = [],
): string {
  const files = filesOf(kind, cutNode);
  if (cautions.length === 0) return files;
  return `${files}\nBeside the score in model-card.md you should know:\n\n${cautions.map((caution) => `- ${caution}\n`).join('')}`;
}

function filesOf(kind: 'whole-model' | 'head-only', cutNode: string | null): string {
  if (kind === 'whole-model') return WHOLE_MODEL;
  if (cutNode === null) return HEAD_ONLY;
  return HEAD_ONLY.replace('The head alone', 'Trained stages and head').replace(
    FEATURES,
    `It takes what the backbone computes up to its layer
                ${cutNode}, not images;
                model-card.md says which backbone.`,
  );
}
