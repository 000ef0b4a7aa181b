// Prepares an image as training did. For any page: it needs no other file.
//
// A page around Teachable Machine's library passes images through it first, so that they are shrunk and fitted as in
// training in every browser:
//
//   const { preprocessing } = metadata.userMetadata.graft; // metadata.json, parsed
//   const found = await model.predict(prepareImage(image, preprocessing));
(() => {
  /** Where the whole image is drawn on the square: x, y, width, height. What lies beyond the square is cut off. */
  function placement(width, height, side, resizeMode) {
    if (resizeMode === 'squash') return [0, 0, side, side];
    const fit = resizeMode === 'crop' ? Math.min(width, height) : Math.max(width, height);
    const round = resizeMode === 'crop' ? Math.ceil : (px) => Math.max(1, Math.round(px));
    const scale = side / fit;
    const drawn = [round(width * scale), round(height * scale)];
    const offset = (px) => (px > side ? -Math.floor((px - side) / 2) : Math.floor((side - px) / 2));
    return [offset(drawn[0]), offset(drawn[1]), ...drawn];
  }

  function halvedOnce(px, wanted) {
    const half = Math.ceil(px / 2);
    return half >= wanted ? half : px;
  }

  function contextOf(canvas, width, height) {
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'low';
    return context;
  }

  /** Halves as long as it stays as large as wanted: each pixel the mean of two by two, so that none is left out. */
  function shrink(image, [width, height], [wantedWidth, wantedHeight]) {
    const next = [halvedOnce(width, wantedWidth), halvedOnce(height, wantedHeight)];
    if (next[0] === width && next[1] === height) return image;
    const half = contextOf(document.createElement('canvas'), ...next);
    half.drawImage(image, 0, 0, ...next);
    return shrink(half.canvas, next, [wantedWidth, wantedHeight]);
  }

  /**
   * Draws an image as training saw it: upright, on white, cropped, squashed or padded to the model's square.
   *
   * @param image a loaded <img>, a <video> that plays, a canvas or an ImageBitmap.
   * @param preprocessing `userMetadata.graft.preprocessing` of metadata.json.
   * @param canvas drawn on; a new one without it.
   * @returns the canvas, as large as the model's input.
   */
  window.prepareImage = (image, preprocessing, canvas = document.createElement('canvas')) => {
    const { side, resizeMode } = preprocessing;
    const size = [
      image.naturalWidth ?? image.videoWidth ?? image.width,
      image.naturalHeight ?? image.videoHeight ?? image.height,
    ];
    const [x, y, width, height] = placement(...size, side, resizeMode);
    const context = contextOf(canvas, side, side);
    context.fillStyle = '#fff';
    context.fillRect(0, 0, side, side);
    context.drawImage(shrink(image, size, [width, height]), x, y, width, height);
    return canvas;
  };
})();
