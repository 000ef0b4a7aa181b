import { useDeferredValue, useMemo } from 'react';
import { coverageSentences, datasetCoverage, namesText } from '../../domain/class-coverage.ts';
import { sameNameGroups } from '../../domain/join-classes.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useApp, useCommands } from '../use-app.tsx';

const selectDataset = (state: AppState) => state.project?.dataset ?? null;
const selectSplit = (state: AppState) => state.project?.split ?? null;

/** Before Train: classes that a run would not learn or not test, and classes that may be one. */
export function CoverageNotes() {
  // Dealing out 20,000 images may wait until the page is idle.
  const dataset = useDeferredValue(useApp(selectDataset));
  const split = useApp(selectSplit);
  const { joinClasses } = useCommands();
  const sentences = useMemo(
    () => (dataset === null || split === null ? [] : coverageSentences(datasetCoverage(dataset, split))),
    [dataset, split],
  );
  const twins = useMemo(() => (dataset === null ? [] : sameNameGroups(dataset.classes)), [dataset]);
  return (
    <>
      {twins.map((labels) => (
        <Notice
          key={labels.map(({ id }) => id).join()}
          tone="warning"
          title={`${namesText(labels.map(({ name }) => name))} differ only in case`}
          actions={
            <Button size="small" onPress={() => joinClasses(labels.map(({ id }) => id))}>
              Join them
            </Button>
          }
        >
          They are {labels.length} classes to the model.
        </Notice>
      ))}
      {sentences.length > 0 && (
        <Notice tone="warning" title="Some classes are not covered">
          {sentences.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Notice>
      )}
    </>
  );
}
