import { CheckCheck, EllipsisVertical, Trash2 } from 'lucide-react';
import type { ClassLabel } from '../../domain/dataset.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Menu } from '../../ui/Menu.tsx';
import { useCommands } from '../use-app.tsx';

interface ClassMenuProps {
  readonly label: ClassLabel;
  readonly isEmpty: boolean;
}

/** The rarer actions on a class. Deleting asks nothing: undo brings it back with all its images. */
export function ClassMenu({ label, isEmpty }: ClassMenuProps) {
  const commands = useCommands();
  const select = {
    id: 'select',
    label: 'Select all its images',
    icon: <CheckCheck />,
    isDisabled: isEmpty,
    onAction: () => commands.selectClass(label.id),
  };
  const remove = {
    id: 'delete',
    label: 'Delete class',
    detail: 'With all its images. Undo brings it back.',
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
