import { useEffect, useState } from 'react';
import type { Classification } from '../../commands/commands.ts';
import { type ErrorText, errorText } from '../../commands/error-text.ts';
import { useCommands } from '../use-app.tsx';

/** The image being tried. `result` stays while the next answer is on its way, so that nothing jumps. */
export interface TriedImage {
  readonly url: string | null;
  readonly result: Classification | null;
  readonly failure: ErrorText | null;
}

const NOTHING: TriedImage = { url: null, result: null, failure: null };

/** Classifies an image, and again when another model answers. */
export function useTriedImage(image: Blob | null, modelId: string): TriedImage {
  const { classify } = useCommands();
  const [tried, setTried] = useState(NOTHING);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another model gives another answer for the same image.
  useEffect(() => {
    if (image === null) return;
    let isLatest = true;
    const url = URL.createObjectURL(image);
    setTried((before) => ({ ...before, url, failure: null }));
    classify(image).then(
      (result) => isLatest && setTried({ url, result, failure: null }),
      (error: unknown) => isLatest && setTried({ url, result: null, failure: errorText(error) }),
    );
    return () => {
      isLatest = false;
      URL.revokeObjectURL(url);
    };
  }, [image, modelId, classify]);
  return tried;
}
