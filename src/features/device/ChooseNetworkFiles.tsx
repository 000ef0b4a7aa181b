import { FileUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { collectPicked } from '../../files/collect-dropped.ts';
import { Button } from '../../ui/Button.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { useCommands } from '../use-app.tsx';

/** What a network may consist of; several files at once for a model.json and its binaries. */
const NETWORK_TYPES = ['.json', '.bin', '.h5', '.hdf5', '.safetensors', '.zip'];

interface ChooseNetworkFilesProps {
  /** Read aloud where the words alone do not say enough. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** The button that picks the files of a network and has them looked at. */
export function ChooseNetworkFiles({ label, children }: ChooseNetworkFilesProps) {
  const commands = useCommands();
  return (
    <FilePicker types={NETWORK_TYPES} isMultiple onPick={(files) => void commands.bringNetwork(collectPicked(files))}>
      <Button size="small" icon={<FileUp />} {...(label === undefined ? {} : { 'aria-label': label })}>
        {children}
      </Button>
    </FilePicker>
  );
}
