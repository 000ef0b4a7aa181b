import { useApp, useCommands } from '../features/use-app.tsx';
import type { AppState } from '../state/app-state.ts';
import { Notice } from '../ui/Notice.tsx';
import { Passing } from '../ui/Passing.tsx';
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
        <Passing
          key={id}
          className={styles.notice}
          isPassing={tone === 'info' || tone === 'success'}
          onPassed={() => commands.dismissNotice(id)}
        >
          <Notice tone={tone} title={title} onDismiss={() => commands.dismissNotice(id)}>
            {detail}
          </Notice>
        </Passing>
      ))}
    </section>
  );
}
