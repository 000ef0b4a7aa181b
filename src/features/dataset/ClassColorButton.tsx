import { memo } from 'react';
import {
  Button as AriaButton,
  Dialog,
  DialogTrigger,
  Popover,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components';
import type { ClassLabel } from '../../domain/dataset.ts';
import { CLASS_COLOR_COUNT, CLASS_COLOR_NAMES, classColor } from '../../ui/class-color.ts';
import { useCommands } from '../use-app.tsx';
import styles from './ClassColorButton.module.css';

/** The dot in front of a class's name; opens the palette. */
export const ClassColorButton = memo(function ClassColorButton({ label }: { readonly label: ClassLabel }) {
  const commands = useCommands();
  return (
    <DialogTrigger>
      <AriaButton aria-label={`Colour of ${label.name}`} className={styles.button ?? ''}>
        <span className={styles.dot} style={{ background: classColor(label.colorIndex) }} />
      </AriaButton>
      <Popover offset={4} className={styles.popover ?? ''}>
        <Dialog aria-label={`Colour of ${label.name}`} className={styles.dialog ?? ''}>
          {({ close }) => (
            <ToggleButtonGroup
              aria-label="Colours"
              selectionMode="single"
              disallowEmptySelection
              selectedKeys={[label.colorIndex % CLASS_COLOR_COUNT]}
              onSelectionChange={([key]) => {
                if (typeof key === 'number') commands.recolorClass(label.id, key);
                close();
              }}
              className={styles.palette ?? ''}
            >
              {CLASS_COLOR_NAMES.map((name, index) => (
                <ToggleButton key={name} id={index} aria-label={name} className={styles.swatch ?? ''}>
                  <span className={styles.dot} style={{ background: classColor(index) }} />
                </ToggleButton>
              ))}
            </ToggleButtonGroup>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
});
