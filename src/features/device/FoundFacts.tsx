import type { FoundNetwork, NetworkFormat } from '../../domain/found-network.ts';
import { countText, sizeText } from '../../ui/number-text.ts';
import styles from './BackboneFacts.module.css';

const FORMATS: Readonly<Record<NetworkFormat, string>> = {
  'tfjs-layers': 'TensorFlow.js layers model',
  'tfjs-graph': 'TensorFlow.js graph model',
  'teachable-machine': 'Teachable Machine model',
  'keras-h5': 'Keras .h5',
  safetensors: 'safetensors',
};

/** How much of the checksum is shown: enough to tell two files apart. */
const SHOWN_DIGITS = 12;

/** What was recognised and cannot be changed. */
export function FoundFacts({ found }: { readonly found: FoundNetwork }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Format', FORMATS[found.format]],
    ['Parameters', countText(found.parameterCount)],
    ['Feature', `${countText(found.featureLength)} numbers`],
    ['Family', found.family === 'own' ? 'not a known one' : found.family],
    ['Size', sizeText(found.sizeBytes)],
    ['SHA-256', `${found.sha256.slice(0, SHOWN_DIGITS)}…`],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name} className={styles.fact}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
