import type { Predictions, Run } from '../domain/run.ts';
import { seenTestCount } from '../domain/seen-test-images.ts';
import { answersFor, type TeachingSettings } from '../domain/teaching.ts';
import type { CommandContext } from './context.ts';
import { notify } from './notices.ts';
import type { RunPlan } from './run-plan.ts';

/** A run to learn from beside the labels. */
export interface Lesson {
  readonly teacher: Run;
  /** What the teacher said of its images. */
  readonly predictions: Predictions;
  readonly teaching: TeachingSettings;
}

/**
 * The plan with a teacher's answers about its images. Test images that the teacher knew are told, and noted with the run:
 * what it learnt from them is in its answers about the others.
 */
export function taught(ctx: CommandContext, plan: RunPlan, lesson: Lesson | undefined): RunPlan {
  if (lesson === undefined) return plan;
  const { teacher, predictions, teaching } = lesson;
  const said = { ...predictions, classIds: teacher.classes.map(({ id }) => id) };
  const classIds = plan.classes.map(({ id }) => id);
  const note = `Taught by ${teacher.name} (${teacher.backbone.name}), temperature ${teaching.temperature}, weight ${teaching.weight}.`;
  return {
    ...plan,
    teaching: { ...teaching, probabilities: answersFor(said, plan.items, classIds) },
    note: [note, ...tellOfSeenImages(ctx, plan, lesson)].join(' '),
  };
}

/** @returns what is to be noted with the run, if anything. */
function tellOfSeenImages(ctx: CommandContext, { items, rows }: RunPlan, { teacher, predictions }: Lesson): string[] {
  const imageIds = items.map(({ id }) => id);
  const seenCount = seenTestCount(imageIds, rows.parts, { run: teacher, predictions });
  if (seenCount === 0) return [];
  const testCount = rows.parts.filter((part) => part === 'test').length;
  const title = `${seenCount} of the ${testCount} test images were not kept from ${teacher.name}, the teacher.`;
  const warning = 'The score of this run on test images may look better than it is.';
  const advice = 'For a fair one, let a run teach that was trained with the split of now.';
  notify(ctx.store, 'warning', title, `${warning} ${advice}`);
  return [title, warning];
}
