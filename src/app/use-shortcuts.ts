import { useEffect } from 'react';
import type { Commands } from '../commands/commands.ts';
import { useCommands } from '../features/use-app.tsx';
import { collectPasted } from '../files/collect-dropped.ts';

/** In a text field these keys belong to the text. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, [contenteditable="true"]') !== null;
}

function keyDown(event: KeyboardEvent, commands: Commands): void {
  if (event.defaultPrevented || !(event.ctrlKey || event.metaKey) || event.altKey || isTyping(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === 'z' && !event.shiftKey) commands.undo();
  else if ((key === 'z' && event.shiftKey) || key === 'y') commands.redo();
  else return;
  event.preventDefault();
}

/** The class whose card holds the focus, or null. */
function focusedClassId(): string | null {
  return document.activeElement?.closest('[data-class-id]')?.getAttribute('data-class-id') ?? null;
}

function paste(event: ClipboardEvent, commands: Commands): void {
  const data = event.clipboardData;
  if (event.defaultPrevented || data === null || data.files.length === 0 || isTyping(event.target)) return;
  event.preventDefault();
  void commands.importFiles(collectPasted(data), { classId: focusedClassId() });
}

/** Keys of the whole page: undo, redo, and pasting images (into the class that has the focus). */
export function useShortcuts(): void {
  const commands = useCommands();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => keyDown(event, commands);
    const onPaste = (event: ClipboardEvent) => paste(event, commands);
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('paste', onPaste);
    };
  }, [commands]);
}
