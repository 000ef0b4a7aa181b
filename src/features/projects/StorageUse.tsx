import type { AppState } from '../../state/app-state.ts';
import { HelpTip } from '../../ui/HelpTip.tsx';
import { sizeText } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import styles from './StorageUse.module.css';

const selectStorage = (state: AppState) => state.storage;

/** How much of this browser's space is used, and whether the browser may clear it. */
export function StorageUse() {
  const storage = useApp(selectStorage);
  if (storage === null) return <span />;
  const { usedBytes, quotaBytes, persistent } = storage;
  return (
    <span className={styles.use}>
      {sizeText(usedBytes)} used, {sizeText(quotaBytes)} allowed
      <HelpTip about="Storage">
        {persistent
          ? 'The browser has promised to keep your projects until you delete them.'
          : 'The browser may clear projects when the disk is nearly full. Save important ones to a file.'}
      </HelpTip>
    </span>
  );
}
