import { ImagePlus, Maximize2, Video } from 'lucide-react';
import { memo } from 'react';
import type { ClassLabel } from '../../domain/dataset.ts';
import { collectPicked } from '../../files/collect-dropped.ts';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './ClassCard.module.css';
import { ClassMenu } from './ClassMenu.tsx';
import { IMAGE_TYPES } from './image-types.ts';

/** The window a class card may have open. */
export type ClassPart = 'none' | 'large' | 'recorder';

interface ClassActionsProps {
  readonly label: ClassLabel;
  readonly isEmpty: boolean;
  readonly onShow: (part: ClassPart) => void;
}

/** The buttons of a class card. Images that come in do not draw them again. */
export const ClassActions = memo(function ClassActions({ label, isEmpty, onShow }: ClassActionsProps) {
  const commands = useCommands();
  return (
    <div className={styles.actions}>
      <IconButton
        size="small"
        label={`Record ${label.name} with the camera`}
        icon={<Video />}
        onPress={() => onShow('recorder')}
      />
      <FilePicker
        types={IMAGE_TYPES}
        isMultiple
        onPick={(files) => void commands.importFiles(collectPicked(files), { classId: label.id })}
      >
        <IconButton size="small" label={`Add images to ${label.name}`} icon={<ImagePlus />} />
      </FilePicker>
      {!isEmpty && (
        <IconButton
          size="small"
          label={`Open ${label.name} large`}
          icon={<Maximize2 />}
          onPress={() => onShow('large')}
        />
      )}
      <ClassMenu label={label} isEmpty={isEmpty} />
    </div>
  );
});
