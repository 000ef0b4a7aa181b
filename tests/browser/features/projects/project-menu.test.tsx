import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ProjectMenu } from '../../../../src/features/projects/ProjectMenu.tsx';
import type { AppState } from '../../../../src/state/app-state.ts';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

const state: AppState = {
  ...untrainedState(),
  projects: [
    { id: 'project-1', name: 'Flowers', updatedAtMs: Date.UTC(2026, 4, 17), imageCount: 500, classCount: 5 },
    { id: 'project-2', name: 'Bottle caps', updatedAtMs: Date.UTC(2026, 3, 2), imageCount: 1, classCount: 1 },
  ],
  storage: { usedBytes: 34e6, quotaBytes: 12e9, persistent: false },
};

function show() {
  const recorded = recordingCommands();
  stage = onStage(<ProjectMenu />, state, recorded.commands);
  return recorded;
}

async function choose(item: string): Promise<void> {
  await userEvent.click(page.getByRole('button', { name: 'Project Flowers' }));
  await userEvent.click(page.getByRole('menuitem', { name: item }));
}

test('new, duplicate and save act at once', async () => {
  const { named } = show();
  await choose('New project');
  await choose('Duplicate');
  await choose('Save to a file');
  expect(named('newProject')).toHaveLength(1);
  expect(named('duplicateProject').map(({ args }) => args)).toEqual([['project-1']]);
  expect(named('saveProjectFile')).toHaveLength(1);
});

test('deleting asks first, and Cancel deletes nothing', async () => {
  const { named } = show();
  await choose('Delete…');
  await userEvent.click(page.getByRole('button', { name: 'Cancel' }));
  expect(named('deleteProject')).toHaveLength(0);
  await choose('Delete…');
  await userEvent.click(page.getByRole('button', { name: 'Delete project' }));
  expect(named('deleteProject').map(({ args }) => args)).toEqual([['project-1']]);
});

test('renaming takes Enter, and refuses an empty name', async () => {
  const { named } = show();
  await choose('Rename…');
  const field = page.getByRole('textbox', { name: 'Name' });
  await userEvent.fill(field, '  ');
  await userEvent.keyboard('{Enter}');
  expect(named('renameProject')).toHaveLength(0);
  await userEvent.fill(field, 'Garden ');
  await userEvent.keyboard('{Enter}');
  expect(named('renameProject').map(({ args }) => args)).toEqual([['project-1', 'Garden']]);
});

test('the list tells counts and space, and opens a project from this browser', async () => {
  const { named } = show();
  await choose('Open project…');
  const list = page.getByRole('list', { name: 'Projects in this browser' });
  await expect.element(list.getByText(/500 images in 5 classes/)).toBeVisible();
  await expect.element(list.getByText(/1 image in 1 class/)).toBeVisible();
  await expect.element(page.getByText(/34.0\u00a0MB used/)).toBeVisible();
  await userEvent.click(list.getByRole('button', { name: /^Bottle caps/ }));
  expect(named('openProject').map(({ args }) => args)).toEqual([['project-2']]);
});

test('a project file is opened from the list', async () => {
  const { named } = show();
  await choose('Open project…');
  const input = document.querySelector('input[type=file]');
  await userEvent.upload(input ?? document.body, new File(['zip'], 'birds.graft.zip'));
  const [opened] = named('openProjectFile')[0]?.args ?? [];
  expect(opened).toMatchObject({ name: 'birds.graft.zip' });
});
