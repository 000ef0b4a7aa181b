import type { HeadChoice } from '../../domain/head-settings.ts';
import styles from './SettingsForm.module.css';

const NOTES: Readonly<Record<Exclude<HeadChoice, 'network'>, string>> = {
  auto: 'Tries class averages, logistic regression and, from 50 images a class on, a network. It keeps the best on images they have not seen, and says by how much.',
  logistic: 'Solved for all images at once, without epochs, batches or a learning rate.',
  prototypes: 'Averages are taken once over all images, without epochs, batches or a learning rate.',
  neighbours: 'The images themselves vote, and nothing is trained: there are no epochs, batches or learning rate.',
};

/** Why there are no settings here that there are for a network. */
export function HeadNote({ head }: { readonly head: HeadChoice }) {
  return head === 'network' ? null : <p className={styles.sum}>{NOTES[head]}</p>;
}
