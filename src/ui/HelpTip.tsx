import { CircleHelp } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import styles from './HelpTip.module.css';

interface HelpTipProps {
  /** What is explained, for example "Batch size". Names the button for screen readers. */
  readonly about: string;
  /** One or two sentences. */
  readonly children: ReactNode;
}

/** A small question mark that opens a sentence of help; works by touch and keyboard, unlike a tooltip. */
export function HelpTip({ about, children }: HelpTipProps) {
  return (
    <DialogTrigger>
      <AriaButton slot={null} aria-label={`Help: ${about}`} className={styles.button ?? ''}>
        <CircleHelp aria-hidden="true" />
      </AriaButton>
      <Popover offset={4} className={styles.popover ?? ''}>
        <Dialog aria-label={about} className={styles.dialog ?? ''}>
          {children}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
