import { Check } from 'lucide-react';
import type { AppState } from '../../state/app-state.ts';
import { sizeText } from '../../ui/number-text.ts';
import { useApp } from '../use-app.tsx';
import styles from './SaveState.module.css';

const selectStorage = (state: AppState) => state.storage;

/** Says in the header that everything is kept in this browser, and how much that is. */
export function SaveState() {
  const storage = useApp(selectStorage);
  if (storage === null) return null;
  return (
    <span className={styles.state}>
      <Check aria-hidden="true" />
      Kept in this browser<span className={styles.size}>, {sizeText(storage.usedBytes)}</span>
    </span>
  );
}
