import type { AppState, OwnNetworkState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import { ChooseNetworkFiles } from './ChooseNetworkFiles.tsx';
import { FoundNetworkForm } from './FoundNetworkForm.tsx';

const selectOwnNetwork = (state: AppState) => state.ownNetwork;

/** The window on a network the user brings: what was recognised, what may be changed, and using it. */
export function OwnNetworkWindow() {
  const ownNetwork = useApp(selectOwnNetwork);
  return ownNetwork === null ? null : <Opened state={ownNetwork} />;
}

function Opened({ state }: { readonly state: OwnNetworkState }) {
  const commands = useCommands();
  const close = () => commands.closeBroughtNetwork();
  if (state.kind === 'found') return <FoundNetworkForm state={state} onClose={close} />;
  return (
    <Dialog
      title="Your network"
      isOpen
      onClose={close}
      footer={
        <>
          {state.kind === 'failed' && <ChooseNetworkFiles>Choose other files…</ChooseNetworkFiles>}
          <Button onPress={close}>{state.kind === 'reading' ? 'Cancel' : 'Close'}</Button>
        </>
      }
    >
      {state.kind === 'reading' ? (
        <ProgressBar label="Reading the files" ratio={null} detail="nothing is sent anywhere" />
      ) : (
        <Notice tone="error" title={state.title}>
          {state.advice}
        </Notice>
      )}
    </Dialog>
  );
}
