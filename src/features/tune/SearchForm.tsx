import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import { HEAD_CHOICE } from '../../domain/head-settings.ts';
import type { Project } from '../../domain/project.ts';
import { candidatesOf, MAX_RUNS, type SearchMethod, type SearchPlan, settingsToSearch } from '../../domain/search.ts';
import type { SettingKey, TrainingSettings } from '../../domain/settings.ts';
import { stagesToTrain } from '../../domain/stages-to-train.ts';
import type { AppState } from '../../state/app-state.ts';
import { Button } from '../../ui/Button.tsx';
import { CheckedNumberField } from '../../ui/CheckedNumberField.tsx';
import { countText } from '../../ui/number-text.ts';
import { SegmentedChoice } from '../../ui/SegmentedChoice.tsx';
import { Select } from '../../ui/Select.tsx';
import { useApp, useCommands } from '../use-app.tsx';
import styles from './SearchForm.module.css';
import {
  choiceOf,
  choiceProblem,
  combinationCount,
  offeredSettings,
  planOf,
  type SearchChoice,
  whyLeftOut,
} from './search-choice.ts';
import { SearchCost } from './TrialCost.tsx';
import { VariedSetting } from './VariedSetting.tsx';

const METHODS: readonly { readonly value: SearchMethod; readonly label: string; readonly sentence: string }[] = [
  {
    value: 'random',
    label: 'Random',
    sentence: 'Draws settings from the ranges. Usually finds good ones with the fewest tries.',
  },
  {
    value: 'grid',
    label: 'Grid',
    sentence: 'Tries every combination of a few values. Thorough with one or two settings.',
  },
  {
    value: 'halving',
    label: 'Successive halving',
    sentence: 'Gives many settings a few epochs, and only the best third of each round three times as many.',
  },
];

const GRID_COUNTS = ['2', '3', '4', '5', '7'] as const;
const MOST_MINUTES = 600;

const selectBackbone = (state: AppState) => state.backbones.current;

interface SearchFormProps {
  /** The last search of the project. */
  readonly plan: SearchPlan | null;
  /** Its settings are those in the form under Train, which a search starts from. */
  readonly project: Project;
  /** Why no search can start now; null when one can. */
  readonly reason: string | null;
}

/** What to vary, in which way, and how much of it. */
export function SearchForm({ plan: lastPlan, project, reason: notNow }: SearchFormProps) {
  const { searchSettings } = useCommands();
  const backbone = useApp(selectBackbone);
  const settings = useMemo(() => settingsToSearch(project.settings), [project.settings]);
  const stageCount = backbone?.stages.length ?? null;
  const [choice, setChoice] = useState(() => choiceOf(lastPlan));
  const change = (part: Partial<SearchChoice>) => setChoice({ ...choice, ...part });
  const ground = useMemo(() => {
    const fineTuneStages = stagesToTrain(settings, stageCount ?? 0);
    return { settings: { ...settings, fineTuneStages }, stageCount };
  }, [settings, stageCount]);
  const plan = useMemo(() => planOf(choice, ground), [choice, ground]);
  const problem = useMemo(() => choiceProblem(plan, ground), [plan, ground]);
  const tries = useMemo(() => (problem === null ? candidatesOf(plan, ground.settings) : []), [plan, ground, problem]);
  const reason = notNow ?? problem;
  const vary = (key: SettingKey, isVaried: boolean) => {
    const varied = new Set(choice.varied);
    if (isVaried) varied.add(key);
    else varied.delete(key);
    change({ varied });
  };
  return (
    <div className={styles.form}>
      <div className={styles.method}>
        <SegmentedChoice
          label="Way to search"
          value={choice.method}
          options={METHODS}
          onChange={(method) => change({ method })}
        />
        <p className={styles.muted}>{METHODS.find(({ value }) => value === choice.method)?.sentence}</p>
      </div>
      <fieldset className={styles.varied}>
        <legend className={styles.legend}>What to vary; the rest stays as in the form under Train</legend>
        <ul className={styles.list}>
          {offeredSettings(choice, ground).map((setting) => (
            <VariedSetting
              key={setting.key}
              setting={setting}
              variation={choice.over[setting.key] ?? []}
              isVaried={choice.varied.has(setting.key)}
              leftOut={whyLeftOut(setting.key, choice.method)}
              onVary={(isVaried) => vary(setting.key, isVaried)}
              onChange={(variation) => change({ over: { ...choice.over, [setting.key]: variation } })}
            />
          ))}
        </ul>
        {settings.head !== 'network' && !choice.varied.has('head') && (
          <p className={styles.muted}>{onlyOfHead(settings)}</p>
        )}
      </fieldset>
      <div className={styles.budget}>
        {choice.method === 'grid' && (
          <Select
            label="Values of each range"
            options={GRID_COUNTS.map((id) => ({ id, label: id }))}
            value={GRID_COUNTS.find((id) => Number(id) === choice.gridCount) ?? '3'}
            onChange={(id) => change({ gridCount: Number(id) })}
            note={`${countText(combinationCount(plan))} combinations`}
          />
        )}
        <CheckedNumberField
          label="Most tries"
          help="A try trains on the training images and is judged on the validation images."
          value={choice.runs}
          onChange={(runs) => change({ runs: runs ?? 1 })}
          problemOf={runsProblem}
          whole
          step={10}
          min={1}
          max={MAX_RUNS}
          startValue={1}
          note={triesNote(tries.length, choice.runs)}
        />
        <CheckedNumberField
          label="Most minutes"
          help="The search ends with what it has found by then. Leave it empty for no limit."
          value={choice.minutes}
          onChange={(minutes) => change({ minutes })}
          problemOf={minutesProblem}
          whole={false}
          step={1}
          min={1}
          max={MOST_MINUTES}
          startValue={0}
          placeholder="No limit"
          unit="min"
          note="Whichever comes first"
        />
        <div className={styles.start}>
          <Button variant="primary" icon={<Search />} disabledReason={reason} onPress={() => void searchSettings(plan)}>
            Start a search
          </Button>
        </div>
      </div>
      {reason !== null && <p className={styles.muted}>{reason}</p>}
      {backbone !== null && <SearchCost project={project} backbone={backbone} tries={tries} />}
    </div>
  );
}

/** Why so little is listed. */
function onlyOfHead({ head }: TrainingSettings): string {
  const name = HEAD_CHOICE.head.options.find(({ value }) => value === head)?.label ?? head;
  return `The head in the form is ${name.toLowerCase()}, for which nothing else counts. Tick Head to try others as well.`;
}

function triesNote(tries: number, wanted: number): string {
  return tries > 0 && tries < wanted ? `Only ${countText(tries)} differ` : 'Trained and judged';
}

function runsProblem(typed: number | null): string | null {
  const usable = typed !== null && Number.isInteger(typed) && typed >= 1 && typed <= MAX_RUNS;
  return usable ? null : `Must be a whole number from 1 to ${countText(MAX_RUNS)}.`;
}

function minutesProblem(typed: number | null): string | null {
  return typed === null || (typed > 0 && typed <= MOST_MINUTES) ? null : `Must be above 0 and at most ${MOST_MINUTES}.`;
}
