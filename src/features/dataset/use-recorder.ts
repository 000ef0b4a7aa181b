import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { DroppedFile } from '../../files/dropped-file.ts';
import { createFileQueue, type FileQueue } from './file-queue.ts';

/** Fast enough to catch movement, slow enough that neighbours differ. */
const FRAMES_PER_SECOND = 8;
const JPEG_QUALITY = 0.92;

interface Recorder {
  readonly isRecording: boolean;
  /** Frames taken since the window opened. */
  readonly frameCount: number;
  readonly begin: () => void;
  readonly end: () => void;
}

/** @returns the frame shown now as JPEG, or null while the video has none. */
async function takeFrame(video: HTMLVideoElement, canvas: HTMLCanvasElement): Promise<Blob | null> {
  if (video.videoWidth === 0) return null;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY));
}

/**
 * Takes frames of a video while `begin` is held.
 *
 * @param onRecord called at each `begin` with the frames of that hold; it ends with `end`.
 */
export function useRecorder(
  video: RefObject<HTMLVideoElement | null>,
  onRecord: (frames: AsyncIterable<DroppedFile>) => void,
): Recorder {
  const [isRecording, setIsRecording] = useState(false);
  const [frameCount, setFrameCount] = useState(0);
  const hold = useRef<{ readonly queue: FileQueue; readonly timer: number } | null>(null);
  const taken = useRef(0);

  const end = useCallback(() => {
    if (hold.current === null) return;
    clearInterval(hold.current.timer);
    hold.current.queue.close();
    hold.current = null;
    setIsRecording(false);
  }, []);

  const begin = useCallback(() => {
    if (hold.current !== null) return;
    const queue = createFileQueue();
    const canvas = document.createElement('canvas');
    const holdId = `hold-${new Date().toISOString()}`;
    async function take(): Promise<void> {
      const blob = video.current === null ? null : await takeFrame(video.current, canvas);
      if (blob === null) return;
      taken.current += 1;
      queue.push({ blob, path: `camera-${new Date().toISOString().replaceAll(':', '-')}.jpg`, holdId });
      setFrameCount(taken.current);
    }
    hold.current = { queue, timer: window.setInterval(() => void take(), 1000 / FRAMES_PER_SECOND) };
    setIsRecording(true);
    onRecord(queue.files);
    void take();
  }, [video, onRecord]);

  useEffect(() => end, [end]);
  return { isRecording, frameCount, begin, end };
}
