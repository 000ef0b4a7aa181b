import { ClipboardPaste, ImagePlus } from 'lucide-react';
import { type ClipboardEvent, useState } from 'react';
import { collectDropped, collectPasted, collectPicked } from '../../files/collect-dropped.ts';
import type { DroppedFile } from '../../files/dropped-file.ts';
import { Button } from '../../ui/Button.tsx';
import { DropArea } from '../../ui/DropArea.tsx';
import { FilePicker } from '../../ui/FilePicker.tsx';
import { LiveText } from '../../ui/LiveText.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { percentText } from '../../ui/number-text.ts';
import { firstFile } from './first-file.ts';
import { ProbabilityBars } from './ProbabilityBars.tsx';
import { readClipboardImage } from './read-clipboard-image.ts';
import styles from './TryItPanel.module.css';
import type { TriedModel } from './tried-model.ts';
import { type TriedImage, useTriedImage } from './use-tried-image.ts';

function spokenResult({ result }: TriedImage): string {
  if (result === null) return '';
  const best = Math.max(...result.probabilities);
  return `${result.classNames[result.probabilities.indexOf(best)] ?? ''}, ${percentText(best)}`;
}

/** One image, dropped, pasted or picked, and what the model says of it. */
export function TryImage({ model }: { readonly model: TriedModel }) {
  const [image, setImage] = useState<Blob | null>(null);
  const [pasteProblem, setPasteProblem] = useState<string | null>(null);
  const tried = useTriedImage(image, model.id);

  const take = async (files: AsyncIterable<DroppedFile>) => {
    const file = await firstFile(files);
    if (file !== null) setImage(file);
  };
  // Handled here, so that the page does not add the pasted image to the data.
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take(collectPasted(event.clipboardData));
  };
  const pasteByButton = async () => {
    const read = await readClipboardImage();
    if (read.kind === 'image') setImage(read.blob);
    setPasteProblem(read.kind === 'image' ? null : read.reason);
  };

  return (
    <DropArea onDrop={(data) => void take(collectDropped(data))} hint="Try this image" className={styles.try ?? ''}>
      <div className={styles.tryBody} onPaste={paste}>
        <div className={styles.shown}>
          <div className={styles.preview} data-fit={model.resizeMode}>
            {tried.url === null ? <span>Drop or paste an image here</span> : <img src={tried.url} alt="Being tried" />}
          </div>
          <div className={styles.buttons}>
            <FilePicker types={['image/*']} onPick={(files) => void take(collectPicked(files))}>
              <Button icon={<ImagePlus />}>{image === null ? 'Choose an image' : 'Another image'}</Button>
            </FilePicker>
            <Button variant="quiet" icon={<ClipboardPaste />} onPress={() => void pasteByButton()}>
              Paste
            </Button>
          </div>
        </div>
        {pasteProblem !== null && <p role="alert">{pasteProblem}</p>}
        {tried.failure !== null && (
          <Notice tone="error" title={tried.failure.title}>
            {tried.failure.advice}
          </Notice>
        )}
        {tried.failure === null && <ProbabilityBars result={tried.result} classes={model.classes} />}
        <LiveText text={spokenResult(tried)} />
      </div>
    </DropArea>
  );
}
