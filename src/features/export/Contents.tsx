import type { ExportOptions } from '../../commands/commands.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import styles from './ExportPanel.module.css';

type Kind = ExportOptions['kind'];

interface Item {
  readonly file: string;
  readonly text: string;
  /** The kinds of download it is in. */
  readonly kinds: readonly Kind[];
}

const WHOLE: readonly Kind[] = ['whole-model'];
const HEAD: readonly Kind[] = ['head-only'];
const BOTH: readonly Kind[] = [...WHOLE, ...HEAD];

const ITEMS: readonly Item[] = [
  { file: 'index.html', text: 'A page that classifies an image you drop on it, without a network.', kinds: WHOLE },
  {
    file: 'model.json, weights.bin',
    text: 'The network and the head as one TensorFlow.js layers model.',
    kinds: WHOLE,
  },
  {
    file: 'model.json, weights.bin',
    text: 'The head as a TensorFlow.js layers model; it takes features.',
    kinds: HEAD,
  },
  { file: 'metadata.json', text: 'Class names and facts, as Teachable Machine’s loader reads them.', kinds: WHOLE },
  { file: 'metadata.json', text: 'Class names and facts about the model.', kinds: HEAD },
  { file: 'labels.txt', text: 'Index and name of every class.', kinds: BOTH },
  { file: 'page/prepare.js', text: 'Prepares images in pages of your own as training did.', kinds: WHOLE },
  { file: 'model-card.md', text: 'Data, split, settings, scores, network and its licence.', kinds: BOTH },
  {
    file: 'parity/',
    text: 'Up to five of your images with the probabilities to expect, to check other programs.',
    kinds: BOTH,
  },
  { file: 'README.txt', text: 'What each file is.', kinds: BOTH },
];

/** What is inside the zip, one sentence each. */
export function Contents({ kind }: { readonly kind: Kind }) {
  return (
    <Disclosure title="What is inside">
      <dl className={styles.contents}>
        {ITEMS.filter((item) => item.kinds.includes(kind)).map((item) => (
          <div key={item.file}>
            <dt>{item.file}</dt>
            <dd>{item.text}</dd>
          </div>
        ))}
      </dl>
    </Disclosure>
  );
}
