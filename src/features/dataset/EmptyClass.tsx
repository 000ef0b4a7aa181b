import { Video } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import styles from './EmptyClass.module.css';

/** What a card shows in place of its strip, at the same height, while the class has no image. */
export function EmptyClass({ onRecord }: { readonly onRecord: () => void }) {
  return (
    <div className={styles.empty}>
      <p>Drop images or a folder here, paste them, or</p>
      <Button size="small" icon={<Video />} onPress={onRecord}>
        Hold to record
      </Button>
    </div>
  );
}
