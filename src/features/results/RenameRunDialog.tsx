import { useState } from 'react';
import type { Run } from '../../domain/run.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useCommands } from '../use-app.tsx';

interface RenameRunDialogProps {
  readonly run: Run;
  readonly onClose: () => void;
}

/** Asks for a run's new name. An empty one cannot be saved. */
export function RenameRunDialog({ run, onClose }: RenameRunDialogProps) {
  const { renameRun } = useCommands();
  const [name, setName] = useState(run.name);
  const trimmed = name.trim();
  const save = () => {
    if (trimmed === '') return;
    renameRun(run.id, trimmed);
    onClose();
  };
  return (
    <Dialog title="Rename run" isOpen onClose={onClose} size="small">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label="Name" value={name} onChange={setName} maxLength={80} autoFocus />
        <p>
          <Button type="submit" variant="primary" isDisabled={trimmed === ''}>
            Save name
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
