import { Scale } from 'lucide-react';
import { collectDropped } from '../../files/collect-dropped.ts';
import type { BackbonesState } from '../../state/app-state.ts';
import { loadingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { BackboneCard } from './BackboneCard.tsx';
import styles from './BackboneWindow.module.css';
import { groupBackbones } from './backbone-groups.ts';
import { ChooseNetworkFiles } from './ChooseNetworkFiles.tsx';

interface BackboneWindowProps {
  readonly backbones: BackbonesState;
  readonly onClose: () => void;
}

/** Every network that can be used, by family: what it is, what it costs, where it is; and the way to bring one. */
export function BackboneWindow({ backbones, onClose }: BackboneWindowProps) {
  const { entries, current, currentReason, lastError } = backbones;
  const loading = useApp(loadingOf);
  const { showTab } = useCommands();
  const compare = () => {
    onClose();
    showTab('compare');
    document.getElementById('results')?.scrollIntoView({ block: 'start' });
  };
  return (
    <Dialog title="Backbone" isOpen onClose={onClose} size="large">
      <p className={styles.note}>
        A network that has learnt to see on over a million photos. Graft trains a new head on it. A change computes the
        features anew; your labels and runs stay.
      </p>
      <div className={styles.inUse}>
        {current !== null && (
          <p>
            In use: <strong>{current.name}</strong>. {currentReason}
          </p>
        )}
        <Button size="small" icon={<Scale />} onPress={compare}>
          Compare on my images
        </Button>
      </div>
      <OwnNetwork />
      {groupBackbones(entries).map(({ title, entries: ofGroup }) => (
        <section key={title} className={styles.group} aria-label={title}>
          <h3 className={styles.title}>{title}</h3>
          <ul className={styles.cards}>
            {ofGroup.map((entry) => (
              <BackboneCard
                key={entry.manifest.id}
                entry={entry}
                report={entry.manifest.id === current?.id ? current : null}
                isCached={backbones.cachedIds.includes(entry.manifest.id)}
                loading={loading}
                error={lastError?.id === entry.manifest.id ? lastError.message : null}
              />
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

function OwnNetwork() {
  const commands = useCommands();
  return (
    <DropArea
      className={styles.own}
      hint="Drop the network’s files"
      onDrop={(data) => void commands.bringNetwork(collectDropped(data))}
    >
      <div className={styles.ownText}>
        <p className={styles.ownTitle}>Use your own network</p>
        <p className={styles.note}>
          Drop or choose a model.json with its binaries, a Keras .h5, a .safetensors of timm or torchvision, a Teachable
          Machine model, or a zip of these. It stays in this browser.
        </p>
      </div>
      <ChooseNetworkFiles label="Choose files of your own network">Choose files…</ChooseNetworkFiles>
    </DropArea>
  );
}
