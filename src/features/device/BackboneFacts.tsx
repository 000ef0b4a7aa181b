import type { BackboneEntry, BackboneReport } from '../../domain/backbone.ts';
import { countText, sizeText } from '../../ui/number-text.ts';
import styles from './BackboneFacts.module.css';

interface BackboneFactsProps {
  readonly entry: BackboneEntry;
  /** What it turned out to be, while it is in use. */
  readonly report: BackboneReport | null;
}

/** What a manifest without a licence is read as. */
const NOT_STATED = 'not stated';

/** 2257984 -> "2.3 million"; 218544 -> "0.22 million". */
function millions(count: number): string {
  return `${(count / 1e6).toFixed(count < 1e6 ? 2 : 1)}\u00a0million`;
}

function sizeFact({ manifest, origin, facts }: BackboneEntry): string | null {
  if (manifest.sizeBytes === 0) return null;
  const isEstimate = origin === 'official' && facts?.isSizeExact !== true;
  return `${isEstimate ? 'about ' : ''}${sizeText(manifest.sizeBytes)}`;
}

function factsOf(entry: BackboneEntry, report: BackboneReport | null): readonly (readonly [string, string | null])[] {
  const { manifest, facts } = entry;
  const parameterCount = facts?.parameterCount ?? report?.parameterCount;
  const featureLength = facts?.featureLength ?? report?.featureLength;
  return [
    ['Year', facts === undefined ? null : String(facts.year)],
    ['Size', sizeFact(entry)],
    ['Parameters', parameterCount === undefined ? null : millions(parameterCount)],
    ['Feature', featureLength === undefined ? null : `${countText(featureLength)}\u00a0numbers`],
    ['Input', `${manifest.inputSide}\u00a0px`],
    ['Licence', manifest.licence === NOT_STATED ? 'not\u00a0stated' : manifest.licence],
  ];
}

/** The figures of one network, as far as they are known. */
export function BackboneFacts({ entry, report }: BackboneFactsProps) {
  return (
    <dl className={styles.facts}>
      {factsOf(entry, report).map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className={styles.fact}>
              <dt className={styles.name}>{name}</dt>
              <dd className={styles.value}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
