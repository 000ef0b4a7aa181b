import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import styles from './SampleCredits.module.css';

const CREDITS = [
  {
    title: 'Fluent Emoji by Microsoft',
    licence: 'MIT licence',
    url: 'https://github.com/microsoft/fluentui-emoji',
  },
  {
    title: 'Noto Emoji by Google',
    licence: 'Apache licence 2.0',
    url: 'https://github.com/googlefonts/noto-emoji',
  },
] as const;

/** Who drew the sample images. */
export function SampleCredits() {
  return (
    <DialogTrigger>
      <AriaButton className={styles.link ?? ''}>Credits</AriaButton>
      <Popover offset={4} className={styles.popover ?? ''}>
        <Dialog aria-label="Credits of the sample images" className={styles.dialog ?? ''}>
          <p>The sample images are drawings from</p>
          <ul className={styles.list}>
            {CREDITS.map(({ title, licence, url }) => (
              <li key={url}>
                <a href={url} target="_blank" rel="noreferrer">
                  {title}
                </a>
                , {licence}
              </li>
            ))}
          </ul>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
