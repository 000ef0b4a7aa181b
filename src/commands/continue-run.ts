import type { ClassLabel } from '../domain/dataset.ts';
import { lastStagesText } from '../domain/fine-tune-words.ts';
import type { HeadWeights } from '../domain/head.ts';
import { headForClasses } from '../domain/head-for-classes.ts';
import type { Project } from '../domain/project.ts';
import type { ModelArtifacts, Run } from '../domain/run.ts';
import { seenTestCount } from '../domain/seen-test-images.ts';
import type { ResolvedSettings } from '../domain/settings.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { CommandContext } from './context.ts';
import { notify } from './notices.ts';
import type { RunPlan } from './run-plan.ts';

/** A run to go on from. */
export interface RunOrigin {
  readonly run: Run;
  readonly artifacts: ModelArtifacts;
}

/**
 * The project for a run that goes on from another one: its head is trained further as a network, whatever the form says of
 * heads, and no fewer stages than that run has tuned, for its head belongs to them. What that changes is told.
 */
export function goingOn({ store }: CommandContext, project: Project, { run, artifacts }: RunOrigin): Project {
  const { fineTuneStages: asked } = project.settings;
  const tunedCount = artifacts.tuned?.stageCount ?? 0;
  const fineTuneStages = Math.max(asked, tunedCount);
  if (asked < tunedCount) {
    const title = `The head of ${run.name} and ${lastStagesText(tunedCount)} of its network are trained further.`;
    const form = asked === 0 ? 'no stage' : `only ${asked}`;
    notify(store, 'info', title, `They belong together, so none is left out, though the form asks for ${form}.`);
  }
  return { ...project, settings: { ...project.settings, head: 'network', fineTuneStages } };
}

/**
 * The plan of a run that starts from another one's head, and tuned stages. The head keeps its layers, so the hidden layer
 * is as large as it was; its outputs are matched to the classes of now. What that changes is told.
 *
 * @throws RemoteError 'head-unfit' when no class is left that the head knows.
 */
export function continuing(ctx: CommandContext, plan: RunPlan, { run, artifacts }: RunOrigin): RunPlan {
  const matched = headForClasses(artifacts.head, run.classes, plan.classes);
  if (matched === null) throw new RemoteError('head-unfit', `${run.name} knows none of the classes`);
  const changes = [
    ...(matched.newClasses.length === 0 ? [] : [`New, and learnt from nothing: ${names(matched.newClasses)}.`]),
    ...(matched.droppedClasses.length === 0 ? [] : [`Left out: ${names(matched.droppedClasses)}.`]),
  ];
  if (changes.length > 0) notify(ctx.store, 'info', `The classes are not those of ${run.name}.`, changes.join(' '));
  tellOfSeenImages(ctx, plan, { run, artifacts });
  const { tuned } = artifacts;
  return {
    ...plan,
    settings: { ...plan.settings, ...networkOf(matched.head) },
    continuedFromRunId: run.id,
    initialHead: matched.head,
    tunedStart: tuned === null ? null : { tuned, isHeadFirst: matched.newClasses.length > 0 },
  };
}

/** A test image that the first run learnt from is no test of the second. */
function tellOfSeenImages(ctx: CommandContext, { items, rows }: RunPlan, { run, artifacts }: RunOrigin): void {
  const imageIds = items.map(({ id }) => id);
  const seenCount = seenTestCount(imageIds, rows.parts, { run, predictions: artifacts.predictions });
  if (seenCount === 0) return;
  notify(
    ctx.store,
    'warning',
    `${seenCount} of the test images were not kept from ${run.name}, which this run goes on from.`,
    'Its score on test images will look better than it is. Use the split that run was trained with, or train afresh.',
  );
}

/** Whatever it was made by, a head of dense layers is trained further as a network. */
function networkOf({ layers }: HeadWeights): Pick<ResolvedSettings, 'head' | 'hiddenUnits' | 'secondHiddenUnits'> {
  const [hiddenUnits = 0, secondHiddenUnits = 0] = layers.slice(0, -1).map(({ outputLength }) => outputLength);
  return { head: 'network', hiddenUnits, secondHiddenUnits };
}

function names(classes: readonly ClassLabel[]): string {
  return classes.map(({ name }) => name).join(', ');
}
