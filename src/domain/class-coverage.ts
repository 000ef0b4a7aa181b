import { partsByClass } from './count-parts.ts';
import type { Dataset, Part } from './dataset.ts';
import type { Predictions, Run } from './run.ts';
import type { SplitSettings } from './split.ts';

/** Classes that a run cannot learn, or that its held-out parts say nothing of. Names, in the project's order. */
export interface ClassCoverage {
  /** Have images, but none in the training part: a run leaves them and their images out. */
  readonly untrained: readonly string[];
  /** Are learnt and have no test image, where there is a test part. */
  readonly untested: readonly string[];
  /** Are learnt and have no validation image, where there is a validation part. */
  readonly unvalidated: readonly string[];
}

interface CountedClass {
  readonly name: string;
  readonly counts: Readonly<Record<Part, number>>;
}

/** The coverage of a run made now. */
export function datasetCoverage(dataset: Dataset, split: SplitSettings): ClassCoverage {
  const parts = partsByClass(dataset, split);
  const filled = dataset.classes.flatMap(({ id, name }): CountedClass[] => {
    const counts = parts.get(id);
    return counts === undefined ? [] : [{ name, counts }];
  });
  return {
    untrained: filled.filter(({ counts }) => counts.train === 0).map(({ name }) => name),
    ...heldOutGaps(filled.filter(({ counts }) => counts.train > 0)),
  };
}

/** The coverage of a run. Of one from before this was kept nothing is known, so nothing is said. */
export function runCoverage({
  classes,
  classParts,
  leftOut,
}: Pick<Run, 'classes' | 'classParts' | 'leftOut'>): ClassCoverage {
  const known = classes.flatMap(({ name }, index): CountedClass[] => {
    const counts = classParts?.[index];
    return counts === undefined ? [] : [{ name, counts }];
  });
  return { untrained: leftOut.map(({ name }) => name), ...heldOutGaps(known) };
}

/** Images of every class, by class index, in each part. */
export function classPartsOf({ classIndices, parts, classCount }: Predictions): Record<Part, number>[] {
  const counts = Array.from({ length: classCount }, () => ({ train: 0, validation: 0, test: 0 }));
  classIndices.forEach((classIndex, row) => {
    const part = parts[row];
    const ofClass = counts[classIndex];
    if (part !== undefined && ofClass !== undefined) ofClass[part] += 1;
  });
  return counts;
}

function heldOutGaps(learnt: readonly CountedClass[]): Pick<ClassCoverage, 'untested' | 'unvalidated'> {
  // That a whole part is empty is told elsewhere: then no class has a score.
  const without = (part: Part) =>
    learnt.some(({ counts }) => counts[part] > 0)
      ? learnt.filter(({ counts }) => counts[part] === 0).map(({ name }) => name)
      : [];
  return { untested: without('test'), unvalidated: without('validation') };
}

/** A longer list of names is cut to this length and counted. */
const NAMED = 5;

/** Names for a sentence: “a”, “b” and 3 more. */
export function namesText(names: readonly string[]): string {
  const shown = names.length > NAMED + 1 ? names.slice(0, NAMED) : names;
  const quoted = shown.map((name) => `“${name}”`);
  const last = shown.length < names.length ? `${names.length - shown.length} more` : (quoted.pop() ?? '');
  return quoted.length === 0 ? last : `${quoted.join(', ')} and ${last}`;
}

/** What a model does not know, as a sentence; null when it knows every class. */
export function untrainedSentence({ untrained }: Pick<ClassCoverage, 'untrained'>): string | null {
  if (untrained.length === 0) return null;
  const rest =
    untrained.length === 1
      ? 'the model does not know this class: its images are left out, of the scores too'
      : 'the model does not know these classes: their images are left out, of the scores too';
  return `No image of ${namesText(untrained)} is in the training part, so ${rest}.`;
}

/** What the test score says nothing of, as a sentence; null when every class is tested. */
export function untestedSentence({ untested }: Pick<ClassCoverage, 'untested'>): string | null {
  if (untested.length === 0) return null;
  return `Not tested: ${namesText(untested)}. The test part has no image of ${untested.length === 1 ? 'it' : 'them'}.`;
}

/** What the validation score says nothing of, as a sentence; null when every class is in the part. */
export function unvalidatedSentence({ unvalidated }: Pick<ClassCoverage, 'unvalidated'>): string | null {
  if (unvalidated.length === 0) return null;
  return `The validation part has no image of ${namesText(unvalidated)}.`;
}

/** All that is to be said, one sentence each; empty when every class is in every part that there is. */
export function coverageSentences(coverage: ClassCoverage): readonly string[] {
  return [untrainedSentence(coverage), untestedSentence(coverage), unvalidatedSentence(coverage)].filter(
    (sentence) => sentence !== null,
  );
}
