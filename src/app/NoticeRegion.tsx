import { useApp, useCommands } from '../features/use-app.tsx';
import type { AppState } from '../state/app-state.ts';
import { classNames } from '../ui/class-names.ts';
import { Notice } from '../ui/Notice.tsx';
import styles from './NoticeRegion.module.css';

const selectNotices = (state: AppState) => state.notices;

/**
 * Messages in the corner of the page. Good news goes by itself, and waits while it is pointed at or has the focus;
 * warnings and errors stay until dismissed.
 */
export function NoticeRegion() {
  const notices = useApp(selectNotices);
  const commands = useCommands();
  return (
    <section aria-label="Messages" aria-live="polite" className={styles.region}>
      {notices.map(({ id, tone, title, detail }) => (
        <div
          key={id}
          className={classNames(styles.notice, (tone === 'info' || tone === 'success') && styles.passing)}
          onAnimationEnd={() => commands.dismissNotice(id)}
        >
          <Notice tone={tone} title={title} onDismiss={() => commands.dismissNotice(id)}>
            {detail}
          </Notice>
        </div>
      ))}
    </section>
  );
}
