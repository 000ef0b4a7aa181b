import { type BackboneReport, backboneRef, isSameBackbone } from '../domain/backbone.ts';
import { type InstantModel, imagesToAverage } from '../domain/instant-model.ts';
import type { Project } from '../domain/project.ts';
import { abortError } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { AppState } from '../state/app-state.ts';
import { isLearning, jobOf } from '../state/job-selectors.ts';
import type { CommandContext } from './context.ts';
import { ensureFeatures } from './ensure-features.ts';
import { errorText, isAbort } from './error-text.ts';
import { changeProject } from './save-project.ts';

/** What a set of class averages was made from: the same object means the same images and labels. */
interface Subject {
  readonly projectId: string;
  readonly dataset: Project['dataset'];
  readonly resizeMode: Project['resizeMode'];
  readonly backbone: BackboneReport;
}

/** Class averages being made, made, or failed. */
export interface InstantJob {
  readonly subject: Subject;
  readonly cancel: AbortController;
  readonly model: Promise<InstantModel>;
  kind: 'running' | 'done' | 'failed';
}

/**
 * Class averages of the images there are now: those made before, or new ones. Features that are missing are computed.
 * While something else uses the device, those made before have to do.
 *
 * @throws RemoteError 'head-missing' with fewer than two classes to tell apart, 'backbone-missing', 'device-busy'; what
 * `embed` throws; DOMException 'AbortError' when another project is opened meanwhile.
 */
export async function instantModel(ctx: CommandContext): Promise<InstantModel> {
  const projectId = ctx.store.getState().project?.id;
  for (;;) {
    await ctx.session.activation;
    const state = ctx.store.getState();
    if (state.project?.id !== projectId) throw abortError();
    const subject = subjectOf(state);
    if (subject === null) throw new RemoteError('backbone-missing', 'no network is loaded');
    const job = ctx.session.instant;
    const isCurrent = job !== null && job.kind !== 'failed' && isSame(job.subject, subject);
    if (!isCurrent && isBusy(state)) return madeBefore(state, subject);
    try {
      return await (isCurrent ? job.model : begin(ctx, subject));
    } catch (error) {
      // The images changed or something else took the device: what holds now is looked at again.
      if (!isAbort(error)) throw error;
    }
  }
}

function madeBefore({ instant }: AppState, { backbone, resizeMode }: Subject): InstantModel {
  const model = instant?.model ?? null;
  if (model === null || !isSameBackbone(model.backbone, backbone) || model.resizeMode !== resizeMode) {
    throw new RemoteError('device-busy', 'class averages cannot be made now');
  }
  return model;
}

/**
 * Follows the page: ends what is being made when the images change or something else needs the device, and where the
 * project asks for it makes averages of the images as they are now. Call it after every change; it mostly does nothing.
 */
export function followImages(ctx: CommandContext): void {
  const state = ctx.store.getState();
  const job = ctx.session.instant;
  const subject = subjectOf(state);
  const isCurrent = job !== null && subject !== null && isSame(job.subject, subject);
  if (job?.kind === 'running' && (!isCurrent || isBusy(state))) job.cancel.abort();
  const isAborted = job?.cancel.signal.aborted === true;
  if (subject === null || !wantsAnswers(state) || isBusy(state) || (isCurrent && !isAborted)) return;
  // The page shows what became of it.
  begin(ctx, subject).catch(() => undefined);
}

/** Turns the switch; on, what failed is tried again. */
export function answerWhileAdding(ctx: CommandContext, answersWhileAdding: boolean): void {
  const { instant } = ctx.session;
  if (!answersWhileAdding) instant?.cancel.abort();
  if (instant?.kind === 'failed') ctx.session.instant = null;
  changeProject(ctx, { answersWhileAdding });
}

/** True while the switch is on and there is no run to answer. */
function wantsAnswers({ project, engine }: AppState): boolean {
  return project?.answersWhileAdding === true && project.currentRunId === null && engine.kind === 'ready';
}

/** True while a longer act has the device, or the images are not all in yet. */
function isBusy(state: AppState): boolean {
  return isLearning(state) || jobOf(state, 'import', 'comparison', 'measuring', 'export', 'device') !== undefined;
}

function subjectOf({ project, backbones }: AppState): Subject | null {
  if (project === null || backbones.current === null) return null;
  const { id: projectId, dataset, resizeMode } = project;
  return { projectId, dataset, resizeMode, backbone: backbones.current };
}

function isSame(one: Subject, other: Subject): boolean {
  return (
    one.projectId === other.projectId &&
    one.dataset === other.dataset &&
    one.resizeMode === other.resizeMode &&
    isSameBackbone(one.backbone, other.backbone)
  );
}

function begin(ctx: CommandContext, subject: Subject): Promise<InstantModel> {
  ctx.session.instant?.cancel.abort();
  const cancel = new AbortController();
  // A turn later, so that whoever follows the page finds the job before it changes anything.
  const model = Promise.resolve().then(() => make(ctx, subject, cancel.signal));
  const job: InstantJob = { subject, cancel, model, kind: 'running' };
  ctx.session.instant = job;
  const end = (kind: 'done' | 'failed', shown: Partial<NonNullable<AppState['instant']>>) => {
    job.kind = kind;
    const isShown = ctx.session.instant === job && ctx.store.getState().project?.id === subject.projectId;
    if (isShown) show(ctx, { preparing: null, ...shown });
  };
  model.then(
    (made) => end('done', { model: made, problem: null }),
    (error: unknown) => end('failed', isAbort(error) ? {} : { model: null, problem: problemText(error) }),
  );
  return model;
}

function problemText(error: unknown): string | null {
  if (error instanceof RemoteError && error.code === 'head-missing') return null;
  const { title, advice } = errorText(error);
  return `${title} ${advice}`;
}

function show(ctx: CommandContext, change: Partial<NonNullable<AppState['instant']>>): void {
  ctx.store.setState(({ instant }) => ({
    instant: { ...(instant ?? { model: null, preparing: null, problem: null }), ...change },
  }));
}

async function make(ctx: CommandContext, subject: Subject, signal: AbortSignal): Promise<InstantModel> {
  const { dataset, resizeMode } = subject;
  const backbone = backboneRef(subject.backbone);
  const { classes, hashes, classIndices } = imagesToAverage(dataset);
  if (classes.length < 2) throw new RemoteError('head-missing', 'fewer than two classes have images');
  await ensureFeatures(ctx, hashes, { backbone, resizeMode }, signal, (preparing) => {
    if (preparing.totalCount > 0 && !signal.aborted) show(ctx, { preparing });
  });
  const input = { backbone, hashes, classIndices, classCount: classes.length, resizeMode, withNeighbours: false };
  const judged = await ctx.engine.call('instantBaseline', input, { signal });
  const { head, imageCount, judgedCount, prototypesRatio: accuracyRatio } = judged;
  if (head === null) throw new RemoteError('head-missing', 'fewer than two classes have images that can be read');
  return { id: ctx.newId(), classes, resizeMode, backbone, head, imageCount, judgedCount, accuracyRatio };
}
