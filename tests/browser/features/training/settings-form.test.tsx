import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { TrainingSettings } from '../../../../src/domain/settings.ts';
import { TrainingPanel } from '../../../../src/features/training/TrainingPanel.tsx';
import { untrainedState } from '../../../helpers/browser/sample-states.ts';
import { onStage, recordingCommands, type Stage } from '../../../helpers/browser/stage.tsx';

let stage: Stage | null = null;
afterEach(() => stage?.leave());

function show(change: Partial<TrainingSettings>): void {
  const state = untrainedState();
  const { project } = state;
  if (project === null) throw new Error('no project');
  const { commands } = recordingCommands({
    augmentSamples: async () => null,
    estimateFineTuning: async () => ({ rowBytes: 1, memoryBytes: 4e8, rowMs: 1, viewMs: 1, stepMs: 1, judgeMs: 1 }),
    changeSettings: (changed) =>
      stage?.store.setState(({ project: now }) => ({
        project: now === null ? null : { ...now, settings: { ...now.settings, ...changed } },
      })),
  });
  const settings = { ...project.settings, ...change };
  stage = onStage(<TrainingPanel />, { ...state, project: { ...project, settings } }, commands);
}

const settingsNow = () => stage?.store.getState().project?.settings;
const unfold = (title: RegExp) => page.getByRole('button', { name: title }).click();
const labels = () =>
  page
    .getByRole('textbox')
    .elements()
    .map(
      (field) => document.querySelector(`label[for="${field.id}"]`)?.textContent ?? field.getAttribute('aria-label'),
    );
const topOf = (element: Element) => element.getBoundingClientRect().top;

const headButton = () => page.getByLabelText('Head', { exact: true });

async function chooseHead(name: string): Promise<void> {
  await headButton().click();
  await page.getByRole('option', { name }).click();
}

test('a head shows only what it makes something of, and what was typed for another one comes back with it', async () => {
  show({ head: 'network', epochs: 80, dropout: 0.4 });
  await unfold(/^Advanced/);
  await expect.element(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('80');
  const head = headButton();
  const top = topOf(head.element());
  await chooseHead('Class averages');
  await expect.element(page.getByText(/^Averages are taken once over all images/)).toBeVisible();
  await expect.element(page.getByText('This head has nothing more to set.')).toBeVisible();
  expect(labels()).toEqual([]);
  expect(topOf(head.element())).toBe(top);
  await chooseHead('Logistic regression');
  await expect.element(page.getByRole('textbox', { name: 'L2 regularisation' })).toBeVisible();
  expect(page.getByRole('textbox', { name: 'Dropout' }).elements()).toHaveLength(0);
  await chooseHead('Network');
  await expect.element(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('80');
  await expect.element(page.getByRole('textbox', { name: 'Dropout' })).toHaveValue('0.4');
  expect(settingsNow()).toMatchObject({ head: 'network', epochs: 80, dropout: 0.4 });
});

test('what counts for stages alone stands below the picture they are chosen in, which stays where it is', async () => {
  show({ head: 'prototypes' });
  await unfold(/^Fine-tuning/);
  expect(page.getByRole('textbox', { name: 'Learning rate' }).elements()).toHaveLength(0);
  const box = page.getByText('out_relu');
  const top = topOf(box.element());
  await box.click();
  await expect.element(page.getByRole('textbox', { name: 'Learning rate' })).toBeVisible();
  expect(topOf(box.element())).toBe(top);
  expect(topOf(page.getByRole('textbox', { name: 'Learning rate' }).element())).toBeGreaterThan(top);
  expect(page.getByRole('textbox', { name: 'Rate per deeper stage' }).elements()).toHaveLength(0);
  await page.getByText('block_16').click();
  await expect.element(page.getByRole('textbox', { name: 'Rate per deeper stage' })).toBeVisible();
});

test('the second hidden layer and the views are there while there is something for them to do', async () => {
  show({ head: 'network', hiddenUnits: 50 });
  await unfold(/^Advanced/);
  await expect.element(page.getByRole('textbox', { name: 'Second hidden layer' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Hidden units' }).fill('0');
  await expect.element(page.getByRole('textbox', { name: 'Second hidden layer' })).not.toBeInTheDocument();
  await unfold(/^Augmentation/);
  await expect.element(page.getByRole('textbox', { name: 'Mixup' })).toBeVisible();
  const views = page.getByRole('textbox', { name: 'Views', exact: true });
  expect(views.elements()).toHaveLength(0);
  stage?.store.setState(({ project }) => ({
    project: project === null ? null : { ...project, settings: { ...project.settings, augment: 'photos' } },
  }));
  await expect.element(views).toBeVisible();
});

test('thousands typed with a comma are set, and what is no number changes nothing', async () => {
  show({ head: 'network', epochs: 50 });
  await unfold(/^Advanced/);
  const epochs = page.getByRole('textbox', { name: 'Epochs' });
  await userEvent.tripleClick(epochs);
  await userEvent.keyboard('1,000{Tab}');
  await expect.element(epochs).toHaveValue('1000');
  expect(settingsNow()?.epochs).toBe(1000);
  await userEvent.tripleClick(epochs);
  await userEvent.keyboard('0x10{Tab}');
  await expect.element(page.getByText('Epochs must be a number from 1 to 1000.')).toBeVisible();
  expect(settingsNow()?.epochs).toBe(1000);
});
