import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

interface ConfirmDialogProps {
  /** A question, for example "Delete the project 'Birds'?". */
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
  /** The verb on the button, for example "Delete project". */
  readonly confirmLabel: string;
  /** What goes and what stays. */
  readonly children: ReactNode;
}

/** Asks before something that cannot be undone. Cancel has the focus first. */
export function ConfirmDialog({ title, isOpen, onClose, onConfirm, confirmLabel, children }: ConfirmDialogProps) {
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      size="small"
      footer={
        <>
          <Button onPress={onClose} autoFocus>
            Cancel
          </Button>
          <Button
            variant="danger"
            onPress={() => {
              onConfirm();
              onClose();
            }}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
