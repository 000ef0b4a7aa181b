/** How many class colours `app/theme.css` defines; further classes start again from the first. */
export const CLASS_COLOR_COUNT = 12;

/** What each class colour is called, for menus and screen readers. By colour index. */
export const CLASS_COLOR_NAMES: readonly string[] = [
  'Blue',
  'Orange',
  'Green',
  'Pink',
  'Violet',
  'Teal',
  'Red',
  'Mustard',
  'Brown',
  'Slate',
  'Olive',
  'Plum',
];

/** @returns the CSS value of a class colour, for example `var(--class-3)`; fits `style` and SVG attributes alike. */
export function classColor(colorIndex: number): string {
  return `var(--class-${((colorIndex % CLASS_COLOR_COUNT) + CLASS_COLOR_COUNT) % CLASS_COLOR_COUNT})`;
}
