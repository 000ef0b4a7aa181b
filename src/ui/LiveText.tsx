import styles from './LiveText.module.css';

/** Says `text` to screen readers each time it changes, without showing it. Keep it to a few changes a minute. */
export function LiveText({ text }: { readonly text: string }) {
  return (
    <span role="status" aria-live="polite" className={styles.hidden}>
      {text}
    </span>
  );
}
