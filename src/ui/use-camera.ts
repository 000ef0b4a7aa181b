import { useCallback, useEffect, useRef, useState } from 'react';

/** One camera to choose from. `label` is the browser's name for it, or "Camera 2" where it gives none. */
interface CameraDevice {
  readonly id: string;
  readonly label: string;
}

type CameraStatus = 'off' | 'starting' | 'on' | 'failed';

/** A camera shown in one `<video>`. */
export interface Camera {
  readonly status: CameraStatus;
  /** Why the camera is off or failed, and what to do; null when there is nothing to say. */
  readonly message: string | null;
  /** Filled once the camera has been allowed. */
  readonly devices: readonly CameraDevice[];
  /** The camera in use or last used; null before the first. */
  readonly deviceId: string | null;
  /** Goes on a `<video muted playsInline>`; the element may come and go. */
  readonly videoRef: (video: HTMLVideoElement | null) => void;
  /** Asks for the camera and shows it. Never rejects: a failure becomes `status` and `message`. */
  readonly start: (deviceId?: string) => Promise<void>;
  readonly stop: () => void;
}

const FAILURES: Readonly<Record<string, string>> = {
  NotAllowedError: 'The camera is blocked for this page. Allow it in the address bar of the browser, then try again.',
  NotFoundError: 'No camera was found. Connect one and try again, or use image files.',
  OverconstrainedError: 'That camera is gone. Choose another one.',
  NotReadableError: 'Another program is using the camera. Close it and try again.',
};

/** The sentence shown for a failure of `getUserMedia`. */
function cameraFailureText(error: unknown): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  return FAILURES[name] ?? 'The camera could not be started. Try again, or use image files.';
}

async function listCameras(): Promise<readonly CameraDevice[]> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all
    .filter((device) => device.kind === 'videoinput')
    .map((device, index) => ({ id: device.deviceId, label: device.label || `Camera ${index + 1}` }));
}

function openStream(deviceId: string | undefined): Promise<MediaStream> {
  const which = deviceId === undefined ? { facingMode: 'environment' } : { deviceId: { exact: deviceId } };
  return navigator.mediaDevices.getUserMedia({ video: { ...which, width: { ideal: 640 }, height: { ideal: 480 } } });
}

interface State {
  readonly status: CameraStatus;
  readonly message: string | null;
  readonly devices: readonly CameraDevice[];
  readonly deviceId: string | null;
}

const OFF: State = { status: 'off', message: null, devices: [], deviceId: null };

/** A camera that is switched off with the component, and while the page is in the background. */
export function useCamera(): Camera {
  const [state, setState] = useState(OFF);
  const stream = useRef<MediaStream | null>(null);
  const video = useRef<HTMLVideoElement | null>(null);
  // A newer start or a stop makes an older start that is still waiting for permission void.
  const turn = useRef(0);

  const release = useCallback(() => {
    turn.current += 1;
    for (const track of stream.current?.getTracks() ?? []) track.stop();
    stream.current = null;
    if (video.current !== null) video.current.srcObject = null;
  }, []);

  const end = useCallback(
    (status: CameraStatus, message: string | null) => {
      release();
      setState((before) => ({ ...before, status, message }));
    },
    [release],
  );

  const start = useCallback(
    async (deviceId?: string) => {
      release();
      const mine = turn.current;
      setState((before) => ({ ...before, status: 'starting', message: null }));
      if (navigator.mediaDevices === undefined) {
        end('failed', 'The browser gives the camera only to pages opened over https or from this machine.');
        return;
      }
      try {
        const opened = await openStream(deviceId);
        const devices = await listCameras();
        if (mine !== turn.current) {
          for (const track of opened.getTracks()) track.stop();
          return;
        }
        const track = opened.getVideoTracks()[0];
        track?.addEventListener('ended', () => end('off', 'The camera was disconnected.'), { once: true });
        stream.current = opened;
        if (video.current !== null) show(video.current, opened);
        setState({ status: 'on', message: null, devices, deviceId: track?.getSettings().deviceId ?? deviceId ?? null });
      } catch (error) {
        if (mine === turn.current) end('failed', cameraFailureText(error));
      }
    },
    [release, end],
  );

  const videoRef = useCallback((element: HTMLVideoElement | null) => {
    video.current = element;
    if (element !== null && stream.current !== null) show(element, stream.current);
  }, []);

  useEffect(() => {
    const onVisibility = () => {
      if (document.hidden && stream.current !== null) {
        end('off', 'The camera was switched off while the page was in the background.');
      }
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      release();
    };
  }, [end, release]);

  return { ...state, videoRef, start, stop: useCallback(() => end('off', null), [end]) };
}

function show(video: HTMLVideoElement, stream: MediaStream): void {
  video.srcObject = stream;
  // Rejects only when the camera is stopped before the first frame; there is nothing to do then.
  video.play().catch(() => undefined);
}
