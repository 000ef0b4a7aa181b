import type { ClassId, ClassLabel } from './dataset.ts';
import { cleanClassName } from './labels-from-paths.ts';

/** The wanted name, cleaned; with " 2", " 3" ... while another class has it. `exceptId` may keep its own. */
export function uniqueClassName(
  classes: readonly ClassLabel[],
  wanted: string,
  exceptId: ClassId | null = null,
): string {
  const base = cleanClassName(wanted) || 'Class';
  const taken = new Set(classes.filter(({ id }) => id !== exceptId).map(({ name }) => name));
  let name = base;
  for (let number = 2; taken.has(name); number += 1) name = `${base} ${number}`;
  return name;
}

const NAME_ORDER = new Intl.Collator('en', { numeric: true });

/** Order of class names as people list them: "2" before "10", capitals beside small letters. Total: no two names are equal. */
export function byClassName(
  { name: one }: Pick<ClassLabel, 'name'>,
  { name: other }: Pick<ClassLabel, 'name'>,
): number {
  return NAME_ORDER.compare(one, other) || (one < other ? -1 : 1);
}

/** The class a folder name belongs to, or null. */
export function classByName(classes: readonly ClassLabel[], name: string): ClassLabel | null {
  const wanted = cleanClassName(name);
  return classes.find((label) => label.name === wanted) ?? null;
}

/** Smallest palette index no class uses yet. */
export function nextColorIndex(classes: readonly ClassLabel[]): number {
  const taken = new Set(classes.map(({ colorIndex }) => colorIndex));
  let index = 0;
  while (taken.has(index)) index += 1;
  return index;
}
