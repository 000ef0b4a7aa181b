import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Commands } from '../../../../src/commands/commands.ts';
import { EMPTY_DATASET } from '../../../../src/domain/dataset.ts';
import { DataPanel } from '../../../../src/features/dataset/DataPanel.tsx';
import type { DroppedFile } from '../../../../src/files/dropped-file.ts';
import type { AppState } from '../../../../src/state/app-state.ts';
import { sampleProject, untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(state: AppState = untrainedState(3, 30), overrides: Partial<Commands> = {}) {
  const recorded = recordingCommands(overrides);
  stage = onStage(<DataPanel />, state, recorded.commands);
  return recorded;
}

const emptyState: AppState = { ...untrainedState(), project: sampleProject(EMPTY_DATASET) };
const card = (name: string) => page.getByRole('article', { name: `Class ${name}` });

function dropOn(element: Element, dataTransfer: DataTransfer): void {
  element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}

/** A key on what has the focus, and not even a frame before the next. */
async function pressAtOnce(key: string): Promise<void> {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
  await new Promise((resolve) => setTimeout(resolve));
}

async function pathsOf(files: unknown): Promise<string[]> {
  const paths: string[] = [];
  for await (const file of files as AsyncIterable<DroppedFile>) paths.push(file.path);
  return paths;
}

describe('an empty project', () => {
  test('says what to do first and offers every other way', async () => {
    const { named } = show(emptyState);
    await expect.element(page.getByRole('heading', { name: 'Drop folders of photos here' })).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Try with sample images' }));
    await userEvent.click(page.getByRole('button', { name: 'Add a class' }));
    expect(named('addSampleImages')).toHaveLength(1);
    expect(named('addClass')).toHaveLength(1);
  });

  test('names who drew the sample images', async () => {
    show(emptyState);
    await userEvent.click(page.getByRole('button', { name: 'Credits' }));
    await expect.element(page.getByRole('link', { name: /Fluent Emoji/ })).toBeVisible();
    await expect.element(page.getByRole('link', { name: /Noto Emoji/ })).toBeVisible();
  });
});

describe('a class card', () => {
  test('renames on Enter, and not on Escape', async () => {
    const { named } = show();
    const field = page.getByRole('textbox', { name: 'Name of class daisy' });
    await userEvent.fill(field, 'lawn daisy');
    await userEvent.keyboard('{Escape}');
    await expect.element(field).toHaveValue('daisy');
    expect(named('renameClass')).toHaveLength(0);
    await userEvent.fill(field, ' ox-eye daisy ');
    await userEvent.keyboard('{Enter}');
    expect(named('renameClass').map(({ args }) => args)).toEqual([['class-0', 'ox-eye daisy']]);
  });

  test('changes its colour', async () => {
    const { named } = show();
    await userEvent.click(page.getByRole('button', { name: 'Colour of daisy' }));
    await userEvent.click(page.getByRole('radio', { name: 'Plum' }));
    expect(named('recolorClass').map(({ args }) => args)).toEqual([['class-0', 11]]);
  });

  test('deletes without asking, since undo brings it back', async () => {
    const { named } = show();
    await userEvent.click(page.getByRole('button', { name: 'More for roses' }));
    await userEvent.click(page.getByRole('menuitem', { name: 'Delete class' }));
    expect(named('deleteClass').map(({ args }) => args)).toEqual([['class-2']]);
  });

  test('takes files dropped on it into its class', async () => {
    const { named } = show();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['x'], 'new.jpg', { type: 'image/jpeg' }));
    dropOn(card('dandelion').element(), dataTransfer);
    const call = named('importFiles')[0];
    expect(call?.args[1]).toEqual({ classId: 'class-1' });
    expect(await pathsOf(call?.args[0])).toEqual(['new.jpg']);
  });

  test('takes images dragged from another class', async () => {
    const { named } = show();
    const dataTransfer = new DataTransfer();
    const image = card('daisy').getByRole('option').first();
    await expect.element(image).toBeVisible();
    image.element().dispatchEvent(new DragEvent('dragstart', { dataTransfer, bubbles: true }));
    dropOn(card('roses').element(), dataTransfer);
    expect(named('moveImages').map(({ args }) => args)).toEqual([[['image-0-0'], 'class-2']]);
    expect(named('importFiles')).toHaveLength(0);
  });

  test('opens large, with the same images', async () => {
    show();
    await userEvent.click(page.getByRole('button', { name: 'Open daisy large' }));
    const dialog = page.getByRole('dialog', { name: 'daisy: 30 images' });
    await expect.element(dialog.getByRole('option').first()).toBeVisible();
  });

  test('without images says how to fill it', async () => {
    show(untrainedState(2, 0));
    await expect.element(card('daisy').getByText(/Drop images or a folder here/)).toBeVisible();
  });
});

describe('selected images', () => {
  const selection = new Set(['image-0-1', 'image-1-2']);

  test('are moved, locked, deleted and let go from one bar', async () => {
    const { named } = show({ ...untrainedState(3, 30), selection });
    const bar = page.getByRole('toolbar', { name: 'Selected images' });
    await expect.element(bar).toHaveTextContent('2 selected');
    await userEvent.click(bar.getByRole('button', { name: 'Move to…' }));
    await userEvent.click(page.getByRole('menuitem', { name: 'roses' }));
    await userEvent.click(bar.getByRole('button', { name: 'Lock to…' }));
    await userEvent.click(page.getByRole('menuitem', { name: 'Always in test' }));
    await userEvent.click(bar.getByRole('button', { name: 'Delete' }));
    await userEvent.click(bar.getByRole('button', { name: 'Clear' }));
    const ids = ['image-0-1', 'image-1-2'];
    expect(named('moveImages').map(({ args }) => args)).toEqual([[ids, 'class-2']]);
    expect(named('lockImages').map(({ args }) => args)).toEqual([[ids, 'test']]);
    expect(named('deleteImages').map(({ args }) => args)).toEqual([[ids]]);
    expect(named('select').map(({ args }) => args)).toEqual([[[]]]);
  });

  test('can be moved to another class with the keyboard alone', async () => {
    const { named } = show({ ...untrainedState(3, 30), selection });
    page.getByRole('button', { name: 'Move to…' }).element().focus();
    await userEvent.keyboard('{Enter}{ArrowDown}{Enter}');
    expect(named('moveImages').map(({ args }) => args[1])).toEqual(['class-1']);
  });

  test('are moved from the grid itself with M, and the focus stays there', async () => {
    const { named } = show({ ...untrainedState(3, 30), selection });
    const grid = page.getByRole('listbox', { name: 'Images of daisy' });
    await expect.element(grid.getByRole('option').first()).toBeVisible();
    grid.element().focus();
    await userEvent.keyboard('m');
    await expect.element(page.getByRole('menu', { name: 'Move to class' })).toHaveTextContent('Move 2 images to');
    await userEvent.keyboard('{Escape}');
    await expect.element(grid).toHaveFocus();
    expect(named('moveImages')).toHaveLength(0);
    await userEvent.keyboard('m');
    await expect.element(page.getByRole('menuitem', { name: 'daisy' })).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(named('moveImages').map(({ args }) => args)).toEqual([[['image-0-1', 'image-1-2'], 'class-2']]);
    await expect.element(grid).toHaveFocus();
  });

  test('are let go and the window closed by Escape, however soon after the menu', async () => {
    show(
      { ...untrainedState(3, 30), selection },
      { select: (ids) => stage?.store.setState({ selection: new Set(ids) }) },
    );
    await userEvent.click(page.getByRole('button', { name: 'Open daisy large' }));
    const dialog = page.getByRole('dialog', { name: 'daisy: 30 images' });
    const grid = dialog.getByRole('listbox');
    await expect.element(grid.getByRole('option').first()).toBeVisible();
    grid.element().focus();
    await userEvent.keyboard('m');
    await expect.element(page.getByRole('menuitem', { name: 'daisy' })).toHaveFocus();
    for (let press = 0; press < 3; press++) await pressAtOnce('Escape');
    await expect.element(dialog).not.toBeInTheDocument();
    expect(stage?.store.getState().selection.size).toBe(0);
  });

  test('do not move the page when they are selected', async () => {
    show();
    const height = document.documentElement.scrollHeight;
    stage?.store.setState({ selection });
    await expect.element(page.getByRole('toolbar', { name: 'Selected images' })).toBeVisible();
    expect(document.documentElement.scrollHeight).toBe(height);
  });
});

/** One photo in "daisy" and in "dandelion". */
function conflictState(): AppState {
  const state = untrainedState(2, 3);
  const dataset = state.project?.dataset ?? EMPTY_DATASET;
  const images = new Map(dataset.images);
  const twin = images.get('image-1-0');
  if (twin !== undefined) images.set('image-1-0', { ...twin, hash: '0-2'.padStart(64, '0') });
  return { ...state, project: sampleProject({ ...dataset, images }) };
}

describe('photos in two classes', () => {
  test('are marked in both, in words too, and no other is', async () => {
    show(conflictState());
    await expect.element(card('daisy').getByRole('option', { name: /also in dandelion$/ })).toBeVisible();
    await expect.element(card('dandelion').getByRole('option', { name: /also in daisy$/ })).toBeVisible();
    expect(page.getByRole('option', { name: /also in/ }).elements()).toHaveLength(2);
    expect(page.getByTitle('This photo is also in dandelion').elements()).toHaveLength(1);
    await userEvent.click(page.getByRole('button', { name: 'Open daisy large' }));
    const dialog = page.getByRole('dialog', { name: /daisy/ });
    await expect.element(dialog.getByRole('option', { name: /also in dandelion$/ })).toBeVisible();
  });

  test('are shown, and keeping one deletes the others', async () => {
    const { named } = show(conflictState());
    await expect.element(page.getByText('1 photo is in more than one class')).toBeVisible();
    await userEvent.click(page.getByRole('button', { name: 'Choose the right class' }));
    await userEvent.click(page.getByRole('button', { name: /Keep .* in dandelion/ }));
    expect(named('deleteImages').map(({ args }) => args)).toEqual([[['image-0-2']]]);
  });
});
