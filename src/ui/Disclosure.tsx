import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from 'react-aria-components';
import styles from './Disclosure.module.css';

interface DisclosureProps {
  readonly title: string;
  /** Beside the title, muted: what is inside. */
  readonly meta?: ReactNode;
  readonly isOpenAtFirst?: boolean;
  /** True: what is inside is made only while it is open, because making it costs something. */
  readonly isMadeWhenOpen?: boolean;
  readonly children: ReactNode;
}

/** Something folded away until asked for. */
export function Disclosure({ title, meta, isOpenAtFirst = false, isMadeWhenOpen = false, children }: DisclosureProps) {
  return (
    <AriaDisclosure defaultExpanded={isOpenAtFirst} className={styles.disclosure ?? ''}>
      {({ isExpanded }) => (
        <>
          <Heading level={3} className={styles.heading ?? ''}>
            <AriaButton slot="trigger" className={styles.trigger ?? ''}>
              <ChevronRight aria-hidden="true" />
              {title}
              {meta !== undefined && <span className={styles.meta}>{meta}</span>}
            </AriaButton>
          </Heading>
          <DisclosurePanel className={styles.panel ?? ''}>
            <div className={styles.content}>{(isExpanded || !isMadeWhenOpen) && children}</div>
          </DisclosurePanel>
        </>
      )}
    </AriaDisclosure>
  );
}
