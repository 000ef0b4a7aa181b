import axe from 'axe-core';

/** The rules that look at colours: all that can differ between the light and the dark scheme of one layout. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

interface FaultOptions {
  /** `colours` is enough for a scheme whose layout was looked at in the other one. */
  readonly rules?: 'all' | 'colours';
  /** Whether everything has to lie in a landmark; dialogs, which lie beside those of the page, do not. */
  readonly regions?: boolean;
}

/**
 * What axe finds wrong inside an element, a text for each rule broken; none when all is well.
 * Selectors of the elements, whose making takes a third of axe's time, are left out: the text quotes their HTML.
 */
export async function faultsIn(
  element: Element,
  { rules = 'all', regions = true }: FaultOptions = {},
): Promise<string[]> {
  // Colours in the middle of a change have no contrast to speak of.
  for (const animation of document.getAnimations()) {
    if (animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY) animation.finish();
  }
  const { violations } = await axe.run(element, {
    ...(rules === 'all' ? { rules: { region: { enabled: regions } } } : { runOnly: COLOUR_RULES }),
    resultTypes: ['violations'],
    selectors: false,
    preload: false,
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
