let listener: () => void = () => {};

/**
 * Says that long work still moves. To be called from inside work that lets no messages in, at every layer, step or block
 * of rows, so that no second passes without it; it costs next to nothing, and nothing at all where nobody listens.
 */
export function beat(): void {
  listener();
}

/** Who hears of every beat on this thread; a worker sets it once, when it starts. */
export function onBeat(heard: () => void): void {
  listener = heard;
}
