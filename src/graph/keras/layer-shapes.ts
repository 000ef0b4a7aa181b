/** The shapes of each layer's weights: all that a file without a description tells of its network. */
export type LayerShapes = ReadonlyMap<string, readonly (readonly number[])[]>;

/** Channels a convolution gives; 0 where there is no such layer. */
export function outputChannels(shapes: LayerShapes, name: string): number {
  return shapes.get(name)?.[0]?.at(-1) ?? 0;
}
