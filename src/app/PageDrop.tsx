import type { ReactNode } from 'react';
import { useCommands } from '../features/use-app.tsx';
import { collectDropped, droppedProjectFile } from '../files/collect-dropped.ts';
import { DropArea } from '../ui/DropArea.tsx';
import styles from './PageDrop.module.css';

/** Makes the whole page take folders and files; class cards and the try-out inside it take what is dropped on them. */
export function PageDrop({ children }: { readonly children: ReactNode }) {
  const commands = useCommands();
  const take = (data: DataTransfer) => {
    const projectFile = droppedProjectFile(data);
    if (projectFile !== null) void commands.openProjectFile(projectFile);
    else void commands.importFiles(collectDropped(data), { classId: null });
  };
  return (
    <DropArea
      className={styles.page}
      hint="Drop to add to the data. The folder’s name becomes the class."
      onDrop={take}
    >
      {children}
    </DropArea>
  );
}
