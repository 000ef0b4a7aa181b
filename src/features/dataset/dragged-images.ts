import type { ImageId } from '../../domain/dataset.ts';

/** The type under which a drag carries ids of images of this page. */
const IMAGES_TYPE = 'application/x-graft-images';

export function writeDraggedImages(data: DataTransfer, imageIds: readonly ImageId[]): void {
  data.setData(IMAGES_TYPE, imageIds.join('\n'));
  data.effectAllowed = 'move';
}

/** @returns ids, or null when the drag carries none of this page's images. */
export function readDraggedImages(data: DataTransfer): ImageId[] | null {
  const text = data.getData(IMAGES_TYPE);
  return text === '' ? null : text.split('\n');
}

/** Class cards take files and this page's own images. */
export function acceptsFilesOrImages(types: readonly string[]): boolean {
  return types.includes('Files') || types.includes(IMAGES_TYPE);
}
