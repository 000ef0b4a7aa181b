import { byClassName } from '../domain/class-labels.ts';
import type { ClassId } from '../domain/dataset.ts';
import type { Edit } from '../domain/edits.ts';
import type { CommandContext } from './context.ts';
import { editDataset } from './edit-dataset.ts';

/**
 * Puts the classes that an import made behind those that were there, by name, and gives them their colours in that order:
 * zips and folders list the same files in different orders, and the order of classes is that of a model's outputs.
 */
export function orderNewClasses(ctx: CommandContext, newIds: ReadonlySet<ClassId>, joinKey: string): void {
  const classes = ctx.store.getState().project?.dataset.classes ?? [];
  const made = classes.filter(({ id }) => newIds.has(id));
  const ordered = made.toSorted(byClassName);
  const colors = made.map(({ colorIndex }) => colorIndex).sort((one, other) => one - other);
  const earlierIds = classes.filter(({ id }) => !newIds.has(id)).map(({ id }) => id);
  const wanted = [...earlierIds, ...ordered.map(({ id }) => id)];
  const recolored = ordered.flatMap((label, index): Edit[] => {
    const colorIndex = colors[index] ?? label.colorIndex;
    return colorIndex === label.colorIndex ? [] : [{ kind: 'recolor-class', classId: label.id, colorIndex }];
  });
  if (recolored.length === 0 && wanted.every((id, index) => id === classes[index]?.id)) return;
  editDataset(ctx, 'Add images', [{ kind: 'order-classes', classIds: wanted }, ...recolored], joinKey);
}
