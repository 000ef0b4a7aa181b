import type { Part } from '../../domain/dataset.ts';

/** The parts of the split as menus and tooltips call them. */
export const PART_NAMES: Readonly<Record<Part, string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
};
