import type { ReactElement } from 'react';
import { FileTrigger } from 'react-aria-components';

interface FilePickerProps {
  /** For example `image/*` or `.zip`. */
  readonly types?: readonly string[];
  /** Picks whole folders instead of files. */
  readonly isFolder?: boolean;
  readonly isMultiple?: boolean;
  /** Never called with an empty list. */
  readonly onPick: (files: FileList) => void;
  /** The button that opens the picker. */
  readonly children: ReactElement;
}

/** Opens the system's file picker from any button. */
export function FilePicker({ types, isFolder = false, isMultiple = false, onPick, children }: FilePickerProps) {
  function pick(files: FileList | null): void {
    if (files !== null && files.length > 0) onPick(files);
  }
  return (
    <FileTrigger
      onSelect={pick}
      acceptDirectory={isFolder}
      allowsMultiple={isMultiple}
      {...(types === undefined ? {} : { acceptedFileTypes: types })}
    >
      {children}
    </FileTrigger>
  );
}
