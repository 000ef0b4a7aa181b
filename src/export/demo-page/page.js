// Classifies one image at a time with the model in model.js. Plain script: it also runs from disk.
(() => {
  const { tf, graftModel, prepareImage } = window;
  const heading = document.querySelector('h1');
  const drop = document.querySelector('#drop');
  const picker = drop.querySelector('input');
  const canvas = drop.querySelector('canvas');
  const list = document.querySelector('ol');
  const hint = document.querySelector('#hint');
  const problem = document.querySelector('#problem');
  const check = document.querySelector('#check');
  const { labels, preprocessing } = graftModel;
  const { side } = preprocessing;

  function bytesOf(base64) {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
    return bytes;
  }

  async function loadModel() {
    const weights = await new Blob(graftModel.weights.map(bytesOf)).arrayBuffer();
    graftModel.weights = [];
    const { modelTopology, weightsManifest } = graftModel.modelJson;
    const weightSpecs = weightsManifest.flatMap((group) => group.weights);
    return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData: weights }));
  }

  /** @param rgb tensor [side, side, 3] of bytes. */
  async function probabilitiesOf(model, rgb) {
    const output = tf.tidy(() => model.predict(rgb.toFloat().div(127).sub(1).expandDims(0)));
    const probabilities = await output.data();
    tf.dispose([rgb, output]);
    return Array.from(probabilities);
  }

  function row(label, probability) {
    const item = document.createElement('li');
    const name = document.createElement('span');
    const value = document.createElement('output');
    const track = document.createElement('div');
    const bar = document.createElement('div');
    name.textContent = label;
    if (probability !== null) {
      item.dataset.known = '';
      item.dataset.probability = probability.toFixed(6);
      value.textContent = `${(probability * 100).toFixed(1)} %`;
      bar.style.width = `${probability * 100}%`;
    }
    track.append(bar);
    item.append(name, value, track);
    return item;
  }

  function show(probabilities) {
    const order = labels.map((_, index) => index).sort((a, b) => probabilities[b] - probabilities[a]);
    list.replaceChildren(...order.map((index) => row(labels[index], probabilities[index])));
  }

  async function classify(model, file) {
    problem.textContent = '';
    let bitmap;
    try {
      bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    } catch {
      problem.textContent = 'This file could not be read as an image. Try a JPEG, PNG or WebP.';
      return;
    }
    const context = prepareImage(bitmap, preprocessing, canvas).getContext('2d');
    const pixels = context.getImageData(0, 0, side, side);
    bitmap.close();
    canvas.hidden = false;
    hint.hidden = false;
    show(await probabilitiesOf(model, tf.browser.fromPixels(pixels)));
  }

  /** Runs the samples whose probabilities are known, so that a wrong result on this device does not go unnoticed. */
  async function checkItself(model) {
    let largest = 0;
    for (const { pixels, probabilities } of graftModel.checks) {
      const found = await probabilitiesOf(model, tf.tensor3d(bytesOf(pixels), [side, side, 3], 'int32'));
      for (const [index, expected] of probabilities.entries()) {
        largest = Math.max(largest, Math.abs(found[index] - expected));
      }
    }
    return largest;
  }

  function checkText(largest) {
    const count = graftModel.checks.length;
    if (count === 0) return 'Ready.';
    const digits = largest.toPrecision(1);
    if (largest <= graftModel.tolerance) {
      return `Ready. Checked on this device with ${count} known images: same probabilities as in training (largest difference ${digits}).`;
    }
    return `Ready, but ${count} known images give other probabilities on this device than in training (largest difference ${digits}).`;
  }

  function listen(model) {
    const take = (files) => {
      const file = Array.from(files).find((one) => one.type.startsWith('image/')) ?? files[0];
      if (file !== undefined) void classify(model, file);
    };
    picker.disabled = false;
    picker.addEventListener('change', () => {
      take(picker.files);
      picker.value = '';
    });
    addEventListener('dragover', (event) => {
      event.preventDefault();
      drop.dataset.over = '';
    });
    addEventListener('dragleave', () => delete drop.dataset.over);
    addEventListener('drop', (event) => {
      event.preventDefault();
      delete drop.dataset.over;
      take(event.dataTransfer.files);
    });
    addEventListener('paste', (event) => take(event.clipboardData.files));
  }

  async function start() {
    heading.textContent = graftModel.name;
    document.title = graftModel.name;
    list.replaceChildren(...labels.map((label) => row(label, null)));
    const model = await loadModel();
    check.textContent = 'Ready. Checking the model on this device';
    listen(model);
    const largest = await checkItself(model);
    check.textContent = checkText(largest);
    check.dataset.difference = String(largest);
  }

  start().catch((error) => {
    check.textContent = '';
    problem.textContent = `The model could not be started in this browser: ${error.message}`;
  });
})();
