import { type RefObject, useEffect, useState } from 'react';
import type { Classification } from '../../commands/commands.ts';
import { type ErrorText, errorText } from '../../commands/error-text.ts';
import { useCommands } from '../use-app.tsx';

/** What the model says of the camera's latest frame. */
export interface LiveClassification {
  readonly result: Classification | null;
  /** Answers a second, smoothed; 0 before the second answer. */
  readonly framesPerSecond: number;
  readonly failure: ErrorText | null;
}

const NOTHING: LiveClassification = { result: null, framesPerSecond: 0, failure: null };

/** Weight of the newest frame in the shown rate. */
const NEWEST_SHARE = 0.15;

function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function smoothed(framesPerSecond: number, frameMs: number): number {
  const now = 1000 / Math.max(1, frameMs);
  return framesPerSecond === 0 ? now : framesPerSecond * (1 - NEWEST_SHARE) + now * NEWEST_SHARE;
}

/**
 * Classifies frames of a playing video while `isOn`, one at a time: the next frame is taken when the answer is there.
 * A failure ends it and is kept until it is turned on again.
 */
export function useLiveClassification(video: RefObject<HTMLVideoElement | null>, isOn: boolean): LiveClassification {
  const { classify } = useCommands();
  const [live, setLive] = useState(NOTHING);

  useEffect(() => {
    if (!isOn) return;
    let isWanted = true;
    const run = async () => {
      setLive(NOTHING);
      let lastMs: number | null = null;
      while (isWanted) {
        const nowMs = await nextFrame();
        const element = video.current;
        if (element === null || element.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
        const frame = await createImageBitmap(element);
        const result = await classify(frame).finally(() => frame.close());
        if (!isWanted) return;
        const frameMs = lastMs === null ? null : nowMs - lastMs;
        lastMs = nowMs;
        setLive((before) => ({
          result,
          framesPerSecond: frameMs === null ? 0 : smoothed(before.framesPerSecond, frameMs),
          failure: null,
        }));
      }
    };
    run().catch((error: unknown) => isWanted && setLive({ ...NOTHING, failure: errorText(error) }));
    return () => {
      isWanted = false;
    };
  }, [video, isOn, classify]);
  return live;
}
