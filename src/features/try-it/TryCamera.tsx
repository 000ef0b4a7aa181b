import { Camera, CameraOff } from 'lucide-react';
import { useCallback, useRef } from 'react';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Select } from '../../ui/Select.tsx';
import { useCamera } from '../../ui/use-camera.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import styles from './TryItPanel.module.css';
import type { TriedModel } from './tried-model.ts';
import { useLiveClassification } from './use-live-classification.ts';

/** The camera with the model's opinion of what it sees, as fast as this device answers. */
export function TryCamera({ model }: { readonly model: TriedModel }) {
  const camera = useCamera();
  const video = useRef<HTMLVideoElement | null>(null);
  const live = useLiveClassification(video, camera.status === 'on');
  const { videoRef } = camera;
  const holdVideo = useCallback(
    (element: HTMLVideoElement | null) => {
      video.current = element;
      videoRef(element);
    },
    [videoRef],
  );
  const isOn = camera.status === 'on' || camera.status === 'starting';

  return (
    <div className={styles.tryBody}>
      <div className={styles.preview} data-fit={model.resizeMode}>
        {isOn ? <video ref={holdVideo} muted playsInline aria-label="Camera" /> : <span>The camera is off</span>}
        {camera.status === 'on' && (
          <span className={styles.rate}>
            {live.framesPerSecond === 0 ? 'measuring' : `${live.framesPerSecond.toFixed(1)} frames/s`}
          </span>
        )}
      </div>
      <div className={styles.buttons}>
        {isOn ? (
          <Button icon={<CameraOff />} onPress={camera.stop}>
            Stop the camera
          </Button>
        ) : (
          <Button icon={<Camera />} onPress={() => void camera.start()}>
            Start the camera
          </Button>
        )}
      </div>
      {camera.devices.length > 1 && (
        <Select
          label="Camera"
          options={camera.devices}
          value={camera.deviceId ?? ''}
          onChange={(id) => void camera.start(id)}
        />
      )}
      {camera.message !== null && <p role="status">{camera.message}</p>}
      {live.failure !== null && (
        <Notice tone="error" title={live.failure.title}>
          {live.failure.advice}
        </Notice>
      )}
      {isOn && live.failure === null && <ProbabilityBars result={live.result} classes={model.classes} />}
    </div>
  );
}
