import { purposeOf } from '../../domain/setting-purpose.ts';
import { type ResolvedSettings, SETTINGS, type Setting, type SettingKey } from '../../domain/settings.ts';

/** Parts of the form in their order on the page. */
type FormPart = 'basic' | 'advanced' | 'augmentation' | 'fine-tuning';

/** Augmentation is chosen with samples, stages in a picture; folds belong to cross-validation. */
const ELSEWHERE: ReadonlySet<SettingKey> = new Set(['augment', 'fineTuneStages', 'folds']);

/**
 * The settings that each part of the form shows: those that change something, beside what they change. What counts only
 * for stages stands with them, below the picture where they are chosen, so that choosing moves nothing under the pointer.
 */
export function formFields(settings: ResolvedSettings): Readonly<Record<FormPart, readonly Setting[]>> {
  const fields = (part: FormPart) => SETTINGS.filter((setting) => partOf(setting, settings) === part);
  return {
    basic: fields('basic'),
    advanced: fields('advanced'),
    augmentation: fields('augmentation'),
    'fine-tuning': fields('fine-tuning'),
  };
}

function partOf({ key, group }: Setting, settings: ResolvedSettings): FormPart | null {
  if (ELSEWHERE.has(key) || group === 'cross-validation') return null;
  switch (purposeOf(key, settings)) {
    case 'head':
      return group;
    case 'views':
      return 'augmentation';
    case 'stages':
      return 'fine-tuning';
    default:
      return null;
  }
}
