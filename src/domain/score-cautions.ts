import { runCoverage, untestedSentence, untrainedSentence, unvalidatedSentence } from './class-coverage.ts';
import type { Part } from './dataset.ts';
import { heldOutEditsSentence } from './held-out-edits.ts';
import type { Run } from './run.ts';

type Scored = Pick<Run, 'classes' | 'classParts' | 'leftOut' | 'heldOutEdits'>;

/** What has to be known beside the score of a run on a part: classes it says nothing of, and test images edited with answers known. */
export function scoreCautions(run: Scored, part: Part): readonly string[] {
  const coverage = runCoverage(run);
  const ofPart = {
    train: [],
    validation: [unvalidatedSentence(coverage)],
    test: [untestedSentence(coverage), heldOutEditsSentence(run.heldOutEdits)],
  }[part];
  return [untrainedSentence(coverage), ...ofPart].filter((sentence) => sentence !== null);
}

/** The same for a table's cell, in a few words; empty where there is nothing to say. */
export function shortCautions(run: Scored): string {
  const { untrained, untested } = runCoverage(run);
  const { relabelledCount, deletedCount } = run.heldOutEdits;
  const unknownCount = untrained.length + untested.length;
  const words = [
    ...(unknownCount === 0 ? [] : [`${unknownCount} ${unknownCount === 1 ? 'class' : 'classes'} not tested`]),
    ...(relabelledCount + deletedCount === 0 ? [] : ['test photos edited']),
  ];
  return words.join(', ');
}
