import { Scale } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { BackboneEntry } from '../../domain/backbone.ts';
import { estimatedSeconds } from '../../domain/comparison-cost.ts';
import { chooseComparedImages } from '../../domain/comparison-images.ts';
import { comparableNetworks, knownSpeeds, networksAtHand } from '../../domain/comparison-networks.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { countOf, countText, durationText, sizeText } from '../../ui/number-text.ts';
import { Select } from '../../ui/Select.tsx';
import { Switch } from '../../ui/Switch.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { whyNotCompareNow } from './compare-facts.ts';
import styles from './NetworkChoice.module.css';

const selectBackbones = (state: AppState) => state.backbones;
const selectProject = (state: AppState) => state.project;
const selectBackend = (state: AppState) => (state.engine.kind === 'ready' ? state.engine.device.backend : '');

const LIMITS = ['300', '1000', '3000'] as const;
type Limit = (typeof LIMITS)[number];

interface NetworkChoiceProps {
  /** Why the images are too few; null when they will do. */
  readonly tooFew: string | null;
  readonly startsOpen: boolean;
}

/** Which networks to compare, on how many images, and about how long each takes. */
export function NetworkChoice({ tooFew, startsOpen }: NetworkChoiceProps) {
  const { entries, cachedIds } = useApp(selectBackbones);
  const { compareBackbones } = useCommands();
  const busy = useApp(whyNotCompareNow);
  const networks = useMemo(() => comparableNetworks(entries), [entries]);
  const atHand = useMemo(
    () => new Set(networksAtHand(entries, cachedIds).map(({ manifest }) => manifest.id)),
    [entries, cachedIds],
  );
  // Until the user chooses, those that need no download are chosen, also ones that come in later.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [limit, setLimit] = useState<Limit>('1000');
  const [withBaselines, setWithBaselines] = useState(true);
  const wanted = chosen ?? atHand;
  const { imageCount, availableCount, secondsOf } = useEstimates(Number(limit));
  const toggle = (id: string) => setChosen(toggled(wanted, id));
  const reason = tooFew ?? busy ?? (wanted.size === 0 ? 'Choose at least one network.' : null);
  const ids = networks.map(({ manifest }) => manifest.id).filter((id) => wanted.has(id));
  const totalSeconds = networks
    .filter(({ manifest }) => wanted.has(manifest.id))
    .reduce((sum, entry) => sum + (secondsOf(entry) ?? 0), 0);

  return (
    <section className={styles.choice} aria-label="What to compare">
      <p className={styles.intro}>
        Each network is loaded, timed and tried on this device: a quick head learns on four fifths of your training and
        validation images and is judged on the rest, five times over. Test images are left alone. The network in use
        stays.
      </p>
      <Disclosure
        title={`Networks: ${countText(ids.length)} of ${countText(networks.length)}`}
        isOpenAtFirst={startsOpen}
      >
        <ul className={styles.list} aria-label="Networks to compare">
          {networks.map((entry) => (
            <NetworkLine
              key={entry.manifest.id}
              entry={entry}
              isChosen={wanted.has(entry.manifest.id)}
              isAtHand={atHand.has(entry.manifest.id)}
              seconds={secondsOf(entry)}
              onToggle={() => toggle(entry.manifest.id)}
            />
          ))}
        </ul>
      </Disclosure>
      <div className={styles.controls}>
        <Select
          label="Images"
          options={LIMITS.map((id) => ({ id, label: `At most ${countText(Number(id))}` }))}
          value={limit}
          onChange={setLimit}
          note={imagesNote(imageCount, availableCount)}
        />
        <Switch
          label="Compare with no pretraining"
          isOn={withBaselines}
          onChange={setWithBaselines}
          note="Raw pixels (16 x 16) and an untrained network: what a head reaches without transfer."
        />
        <div className={styles.start}>
          <Button
            variant="primary"
            icon={<Scale />}
            disabledReason={reason}
            onPress={() => void compareBackbones({ ids, baselines: withBaselines, imageLimit: Number(limit) })}
          >
            Compare {countOf(ids.length, 'network')}
          </Button>
          {totalSeconds > 0 && <p className={styles.total}>about {durationText(totalSeconds)} in all</p>}
        </div>
      </div>
      {reason !== null && <p className={styles.reason}>{reason}</p>}
    </section>
  );
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

function imagesNote(imageCount: number, availableCount: number): string {
  if (imageCount === availableCount) return `All ${countText(availableCount)} outside the test part.`;
  return `${countText(imageCount)} of ${countText(availableCount)}, every class by its share.`;
}

function useEstimates(limit: number) {
  const project = useApp(selectProject);
  const { entries, current } = useApp(selectBackbones);
  const backend = useApp(selectBackend);
  return useMemo(() => {
    const images = project === null ? null : chooseComparedImages(project, limit);
    const imageCount = images?.items.length ?? 0;
    const speeds = knownSpeeds(project?.comparison ?? null, backend, entries, current);
    const secondsOf = ({ manifest }: BackboneEntry) => estimatedSeconds(manifest, imageCount, speeds);
    return { imageCount, availableCount: images?.availableCount ?? 0, secondsOf };
  }, [project, limit, entries, current, backend]);
}

interface NetworkLineProps {
  readonly entry: BackboneEntry;
  readonly isChosen: boolean;
  readonly isAtHand: boolean;
  /** null when it cannot be guessed. */
  readonly seconds: number | null;
  readonly onToggle: () => void;
}

function NetworkLine({ entry, isChosen, isAtHand, seconds, onToggle }: NetworkLineProps) {
  const { name, sizeBytes } = entry.manifest;
  const time = seconds === null ? 'time unknown' : `about ${durationText(seconds)}`;
  const download = isAtHand ? '' : ` · downloads ${sizeBytes > 0 ? sizeText(sizeBytes) : 'first'}`;
  return (
    <li>
      <label className={styles.line}>
        <input type="checkbox" className={styles.box} checked={isChosen} onChange={onToggle} />
        <span className={styles.name}>{name}</span>
        <span className={styles.facts}>
          {time}
          {download}
        </span>
      </label>
    </li>
  );
}
