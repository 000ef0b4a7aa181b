import { CheckCheck, EllipsisVertical, Trash2 } from 'lucide-react';
import type { ClassLabel, ImageItem } from '../../domain/dataset.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { countOf } from '../../ui/number-text.ts';
import { useCommands } from '../use-app.tsx';

interface ClassMenuProps {
  readonly label: ClassLabel;
  readonly images: readonly ImageItem[];
}

/** The rarer actions on a class. Deleting asks nothing: undo brings it back with all its images. */
export function ClassMenu({ label, images }: ClassMenuProps) {
  const commands = useCommands();
  const select = {
    id: 'select',
    label: 'Select all its images',
    icon: <CheckCheck />,
    isDisabled: images.length === 0,
    onAction: () => commands.select(images.map(({ id }) => id)),
  };
  const remove = {
    id: 'delete',
    label: 'Delete class',
    detail: `With its ${countOf(images.length, 'image')}. Undo brings it back.`,
    icon: <Trash2 />,
    isDanger: true,
    onAction: () => commands.deleteClass(label.id),
  };
  return (
    <Menu
      label={`More for ${label.name}`}
      trigger={<IconButton size="small" label={`More for ${label.name}`} icon={<EllipsisVertical />} />}
      groups={[
        { id: 'Select', actions: [select] },
        { id: 'Delete', actions: [remove] },
      ]}
    />
  );
}
