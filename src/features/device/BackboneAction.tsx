import type { BackboneEntry } from '../../domain/backbone.ts';
import { isChosenByFile } from '../../domain/backbone-catalogue.ts';
import { Button } from '../../ui/Button.tsx';
import { useCommands } from '../use-app.tsx';
import { ChooseNetworkFiles } from './ChooseNetworkFiles.tsx';

interface BackboneActionProps {
  readonly entry: BackboneEntry;
  readonly isCached: boolean;
  readonly isLoading: boolean;
  readonly isOtherLoading: boolean;
  /** True after a try that failed. */
  readonly hasFailed: boolean;
}

/** The one thing that can be done with a network that is not in use: use it, choose its file, or stop loading it. */
export function BackboneAction({ entry, isCached, isLoading, isOtherLoading, hasFailed }: BackboneActionProps) {
  const commands = useCommands();
  const { id, name } = entry.manifest;
  if (isLoading) {
    return (
      <Button size="small" onPress={() => commands.cancelBackboneDownload()} aria-label={`Cancel loading ${name}`}>
        Cancel
      </Button>
    );
  }
  if (isChosenByFile(entry)) {
    return <ChooseNetworkFiles label={`Choose file of ${name}`}>Choose file…</ChooseNetworkFiles>;
  }
  const needsDownload = entry.origin === 'official' && !isCached;
  const verb = hasFailed ? 'Try again' : needsDownload ? 'Download and use' : 'Use';
  return (
    <Button
      size="small"
      aria-label={`${verb}: ${name}`}
      // biome-ignore lint/correctness/useHookAtTopLevel: a command called "use", not a hook
      onPress={() => void commands.useBackbone(id)}
      disabledReason={isOtherLoading ? 'Another backbone is being loaded.' : null}
    >
      {verb}
    </Button>
  );
}
