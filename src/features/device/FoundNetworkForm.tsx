import { useState } from 'react';
import type { FoundNetwork, NetworkChoices } from '../../domain/found-network.ts';
import type { AppState, OwnNetworkState } from '../../state/app-state.ts';
import { loadingOf } from '../../state/job-selectors.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckedNumberField } from '../../ui/CheckedNumberField.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { Select } from '../../ui/Select.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { CutSelect } from './CutSelect.tsx';
import { downloadRatio, stageText } from './download-text.ts';
import { FoundFacts } from './FoundFacts.tsx';
import { FoundHead } from './FoundHead.tsx';
import styles from './FoundNetworkForm.module.css';
import { PIXEL_WORDS } from './pixel-words.ts';

const LEAST_SIDE_PX = 32;
const MOST_SIDE_PX = 512;

const selectIsEmpty = (state: AppState) => state.project?.dataset.classes.length === 0;

interface FoundNetworkFormProps {
  readonly state: Extract<OwnNetworkState, { kind: 'found' }>;
  readonly onClose: () => void;
}

/** What a brought network was recognised as; everything that was guessed can be changed before it is used. */
export function FoundNetworkForm({ state, onClose }: FoundNetworkFormProps) {
  const { found, isBusy, problem } = state;
  const commands = useCommands();
  const isEmpty = useApp(selectIsEmpty);
  const [choices, setChoices] = useState<NetworkChoices>(() => choicesOf(found));
  const [opensHead, setOpensHead] = useState(true);
  const change = (part: Partial<NetworkChoices>) => setChoices((before) => ({ ...before, ...part }));
  const canOpenHead = isEmpty && found.head !== null && found.head.weights !== null;

  return (
    <Dialog
      title="Your network"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={isBusy}
            // biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook
            onPress={() => void commands.useBroughtNetwork(choices, canOpenHead && opensHead)}
          >
            Use this network
          </Button>
        </>
      }
    >
      <FoundFacts found={found} />
      <div className={styles.fields}>
        <TextField
          label="Name"
          value={choices.name}
          onChange={(name) => change({ name })}
          maxLength={100}
          isDisabled={isBusy}
        />
        <SideField found={found} choices={choices} onChange={change} isDisabled={isBusy} />
        <Select
          label="Pixel scaling"
          options={PIXEL_WORDS}
          value={choices.pixels}
          onChange={(pixels) => change({ pixels })}
          isDisabled={isBusy}
          note={choices.pixels === found.pixels ? found.pixelsReason : 'Chosen by you.'}
        />
        <CutSelect found={found} value={choices.featureLayer} onChange={change} isDisabled={isBusy} />
      </div>
      <p className={styles.hint}>
        A wrong scaling gives no error, only worse features. If training stays far below what you expect, try another
        one first.
      </p>
      {found.head !== null && (
        <FoundHead head={found.head} isEmpty={isEmpty} isOn={opensHead} onChange={setOpensHead} isDisabled={isBusy} />
      )}
      {isBusy ? (
        <Busy />
      ) : (
        problem !== null && (
          <Notice tone="error" title="It could not be used">
            {problem}
          </Notice>
        )
      )}
    </Dialog>
  );
}

function choicesOf({ name, inputSide, pixels, featureLayer }: FoundNetwork): NetworkChoices {
  return { name, inputSide, pixels, featureLayer };
}

interface SideFieldProps {
  readonly found: FoundNetwork;
  readonly choices: NetworkChoices;
  readonly onChange: (part: Partial<NetworkChoices>) => void;
  readonly isDisabled: boolean;
}

function SideField({ found, choices, onChange, isDisabled }: SideFieldProps) {
  const least = found.inputSideFixed ? found.inputSide : LEAST_SIDE_PX;
  const most = found.inputSideFixed ? found.inputSide : MOST_SIDE_PX;
  const problemOf = (typed: number | null) => {
    const usable = typed !== null && Number.isInteger(typed) && typed >= least && typed <= most;
    return usable ? null : `Must be a whole number from ${least} to ${most}.`;
  };
  return (
    <CheckedNumberField
      label="Input side"
      value={choices.inputSide}
      onChange={(inputSide) => inputSide !== null && onChange({ inputSide })}
      problemOf={problemOf}
      whole
      min={least}
      max={most}
      startValue={found.inputSide}
      step={1}
      unit="px"
      isDisabled={isDisabled || found.inputSideFixed}
      note={found.inputSideFixed ? 'The network takes no other.' : 'It takes any; larger is slower and sees more.'}
    />
  );
}

function Busy() {
  const loading = useApp(loadingOf);
  const label = loading === null ? 'Keeping it in this browser' : stageText(loading.progress.stage);
  return <ProgressBar label={label} ratio={loading === null ? null : downloadRatio(loading.progress)} />;
}
