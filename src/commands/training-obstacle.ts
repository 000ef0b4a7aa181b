import { countParts } from '../domain/count-parts.ts';
import type { ClassId, Dataset } from '../domain/dataset.ts';
import type { Project } from '../domain/project.ts';
import type { AppState } from '../state/app-state.ts';
import { jobInTheWay } from '../state/job-rules.ts';
import { type ErrorText, errorText } from './error-text.ts';

/** Why something cannot start now: `title` is one sentence, `advice` another or empty. */
export interface Obstacle extends ErrorText {
  readonly code:
    | 'no-project'
    | 'too-few-classes'
    | 'too-few-images'
    | 'job-in-the-way'
    | 'engine-not-started'
    | 'backbone-missing';
}

/**
 * What the models are to learn from: the training part, or, as in a cross-validation and a comparison of backbones,
 * images of every part.
 */
export type LearnsFrom = 'train-part' | 'all-images';

type Facts = Pick<AppState, 'engine' | 'backbones' | 'project' | 'jobs'>;

/** Classes with images, counted up to two: asked at every change of the page, so the search ends as soon as it can. */
export function filledClassCount({ images }: Dataset): number {
  const filled = new Set<ClassId>();
  for (const { classId } of images.values()) if (filled.add(classId).size === 2) return 2;
  return filled.size;
}

/** Why no run can be trained now; null when one can. The page and `window.graft` follow the same rule. */
export function trainingObstacle(facts: Facts, learnsFrom: LearnsFrom = 'train-part'): Obstacle | null {
  return classesObstacle(facts.project) ?? jobObstacle(facts) ?? learningObstacle(facts, learnsFrom);
}

/** The same, whatever jobs are under way: those are told to give way by `runJob`. */
export function learningObstacle(facts: Omit<Facts, 'jobs'>, learnsFrom: LearnsFrom = 'train-part'): Obstacle | null {
  return classesObstacle(facts.project) ?? engineObstacle(facts) ?? partObstacle(facts.project, learnsFrom);
}

/** Why the images of a project cannot be learnt from, whatever else is going on; null when they can. */
export function dataObstacle(project: Project | null, learnsFrom: LearnsFrom = 'train-part'): Obstacle | null {
  return classesObstacle(project) ?? partObstacle(project, learnsFrom);
}

/** An obstacle as one text: what the page shows below a button and what a script's call rejects with. */
export function obstacleText({ title, advice }: ErrorText): string {
  return advice === '' ? title : `${title} ${advice}`;
}

function classesObstacle(project: Project | null): Obstacle | null {
  if (project === null) return { code: 'no-project', title: 'The project is still opening.', advice: '' };
  const code = 'too-few-classes';
  const { dataset } = project;
  if (dataset.classes.length === 0) return { code, title: 'Add at least two classes with images first.', advice: '' };
  const filledCount = filledClassCount(dataset);
  if (filledCount === 0) return { code, title: 'Add images to at least two classes first.', advice: '' };
  if (filledCount > 1) return null;
  return { code, title: 'Only one class has images.', advice: 'Add images to a second class.' };
}

/** Locks, or shares of 0, may leave the training part without a second class. */
function partObstacle(project: Project | null, learnsFrom: LearnsFrom): Obstacle | null {
  if (learnsFrom === 'all-images' || project === null) return null;
  if (countParts(project.dataset, project.split).trainByClass.length >= 2) return null;
  const code = 'too-few-images';
  return { code, ...errorText({ code }) };
}

function jobObstacle({ jobs }: Facts): Obstacle | null {
  const title = jobInTheWay('training', jobs);
  return title === null ? null : { code: 'job-in-the-way', title, advice: '' };
}

function engineObstacle({ engine, backbones }: Omit<Facts, 'jobs'>): Obstacle | null {
  if (engine.kind !== 'ready') return { code: 'engine-not-started', title: engineWords(engine), advice: '' };
  if (backbones.current !== null) return null;
  return {
    code: 'backbone-missing',
    title: 'No backbone is ready yet.',
    advice: 'Wait for it, or choose one at the top of the page.',
  };
}

function engineWords(engine: Exclude<AppState['engine'], { readonly kind: 'ready' }>): string {
  switch (engine.kind) {
    case 'starting':
      return 'The engine is starting; this takes a few seconds.';
    case 'restarting':
      return 'The engine is starting again.';
    case 'failed':
      return `The engine did not start: ${engine.message}`;
    default:
      return engine satisfies never;
  }
}
