import { useCallback, useEffect, useRef } from 'react';
import type { ClassLabel } from '../../domain/dataset.ts';
import type { DroppedFile } from '../../files/dropped-file.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { countOf } from '../../ui/number-text.ts';
import { Select } from '../../ui/Select.tsx';
import { useCamera } from '../../ui/use-camera.ts';
import { useCommands } from '../use-app.tsx';
import { HoldButton } from './HoldButton.tsx';
import styles from './RecorderWindow.module.css';
import { useRecorder } from './use-recorder.ts';

interface RecorderWindowProps {
  readonly label: ClassLabel;
  readonly onClose: () => void;
}

/** The camera over a class: frames are added to it for as long as the button is held. */
export function RecorderWindow({ label, onClose }: RecorderWindowProps) {
  const commands = useCommands();
  const camera = useCamera();
  const video = useRef<HTMLVideoElement | null>(null);
  const record = useCallback(
    (frames: AsyncIterable<DroppedFile>) => void commands.importFiles(frames, { classId: label.id }),
    [commands, label.id],
  );
  const recorder = useRecorder(video, record);
  const { start, videoRef } = camera;
  const attach = useCallback(
    (element: HTMLVideoElement | null) => {
      video.current = element;
      videoRef(element);
    },
    [videoRef],
  );

  useEffect(() => void start(), [start]);

  return (
    <Dialog title={`Record ${label.name}`} isOpen onClose={onClose} footer={<Button onPress={onClose}>Done</Button>}>
      <div className={styles.stage}>
        <video ref={attach} muted playsInline className={styles.video} />
        {camera.status !== 'on' && (
          <p className={styles.message}>
            {camera.message ?? 'Starting the camera. The browser may ask for permission.'}
          </p>
        )}
        {recorder.isRecording && <span className={styles.light}>Recording</span>}
      </div>
      <div className={styles.controls}>
        <HoldButton
          isDisabled={camera.status !== 'on'}
          isHeld={recorder.isRecording}
          onBegin={recorder.begin}
          onEnd={recorder.end}
        />
        <p className={styles.count} aria-live="off">
          {countOf(recorder.frameCount, 'image')} recorded
        </p>
      </div>
      {camera.devices.length > 1 && (
        <Select
          label="Camera"
          options={camera.devices}
          value={camera.deviceId ?? camera.devices[0]?.id ?? ''}
          onChange={(id) => void start(id)}
        />
      )}
      {camera.status === 'failed' && <Button onPress={() => void start()}>Try again</Button>}
      <p className={styles.advice}>
        Move the object and change the background and the light: ten different views teach more than a hundred alike.
      </p>
    </Dialog>
  );
}
