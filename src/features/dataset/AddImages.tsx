import { FolderOpen, ImagePlus } from 'lucide-react';
import { memo } from 'react';
import { collectPicked } from '../../files/collect-dropped.ts';
import { Button } from '../../ui/Button.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './AddImages.module.css';
import { IMAGE_TYPES } from './image-types.ts';

const BY_FOLDER = { classId: null };

/** The two pickers over the list of classes; a folder's name becomes a class. */
export const AddImages = memo(function AddImages() {
  const commands = useCommands();
  return (
    <div className={styles.buttons}>
      <FilePicker isFolder onPick={(files) => void commands.importFiles(collectPicked(files), BY_FOLDER)}>
        <Button size="small" variant="quiet" icon={<FolderOpen />}>
          Add folder
        </Button>
      </FilePicker>
      <FilePicker
        types={IMAGE_TYPES}
        isMultiple
        onPick={(files) => void commands.importFiles(collectPicked(files), BY_FOLDER)}
      >
        <Button size="small" variant="quiet" icon={<ImagePlus />} aria-label="Add files or a zip">
          Add files
        </Button>
      </FilePicker>
    </div>
  );
});
