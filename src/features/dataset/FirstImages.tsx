import { FolderOpen, ImagePlus, Plus, Shapes } from 'lucide-react';
import { collectPicked } from '../../files/collect-dropped.ts';
import { Button } from '../../ui/Button.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { useCommands } from '../use-app.tsx';
import styles from './FirstImages.module.css';
import { FolderSketch } from './FolderSketch.tsx';
import { IMAGE_TYPES } from './image-types.ts';
import { SampleCredits } from './SampleCredits.tsx';

const BY_FOLDER = { classId: null };

/** The first thing anyone sees: one thing to do, and the other ways below it. */
export function FirstImages() {
  const commands = useCommands();
  return (
    <div className={styles.first}>
      <div className={styles.drop}>
        <FolderSketch />
        <h3 className={styles.title}>Drop folders of photos here</h3>
        <p className={styles.text}>
          One folder for each class: its name becomes the label. A zip of folders works too. Your photos stay on this
          device.
        </p>
        <div className={styles.buttons}>
          <FilePicker isFolder onPick={(files) => void commands.importFiles(collectPicked(files), BY_FOLDER)}>
            <Button variant="primary" icon={<FolderOpen />}>
              Choose a folder
            </Button>
          </FilePicker>
          <FilePicker
            types={IMAGE_TYPES}
            isMultiple
            onPick={(files) => void commands.importFiles(collectPicked(files), BY_FOLDER)}
          >
            <Button icon={<ImagePlus />}>Choose files or a zip</Button>
          </FilePicker>
        </div>
        <p className={styles.kinds}>JPEG, PNG, WebP, GIF, BMP, AVIF</p>
      </div>
      <ul className={styles.ways}>
        <li className={styles.way}>
          <Button icon={<Shapes />} isFullWidth onPress={() => void commands.addSampleImages()}>
            Try with sample images
          </Button>
          <p className={styles.note}>
            Drawings of animals, food and vehicles, not photos. <SampleCredits />
          </p>
        </li>
        <li className={styles.way}>
          <Button icon={<Plus />} isFullWidth onPress={() => commands.addClass()}>
            Add a class
          </Button>
          <p className={styles.note}>Then record its images with the camera, or add files to it.</p>
        </li>
      </ul>
    </div>
  );
}
