import type { Commands } from '../../commands/commands.ts';
import { errorText } from '../../commands/error-text.ts';
import { argmax } from '../../domain/metrics/predicted.ts';
import { rejectionText } from '../../domain/reasons.ts';
import type { DroppedFile } from '../../files/dropped-file.ts';

/** What became of one file. */
export type FileVerdict =
  | {
      readonly kind: 'classified';
      readonly path: string;
      readonly className: string;
      readonly colorIndex: number;
      /** Of the likeliest class, 0-1. */
      readonly confidenceRatio: number;
      /** By class index. */
      readonly probabilities: readonly number[];
    }
  | { readonly kind: 'failed'; readonly path: string; readonly reason: string };

async function judge(file: DroppedFile, classify: Commands['classify']): Promise<FileVerdict> {
  const { path } = file;
  if (file.problem !== undefined) return { kind: 'failed', path, reason: rejectionText(file.problem) };
  try {
    const { classNames, classColorIndices, probabilities } = await classify(file.blob);
    const best = argmax(probabilities);
    return {
      kind: 'classified',
      path,
      className: classNames[best] ?? '',
      colorIndex: classColorIndices[best] ?? best,
      confidenceRatio: probabilities[best] ?? 0,
      probabilities,
    };
  } catch (error) {
    return { kind: 'failed', path, reason: errorText(error).title };
  }
}

/** Classifies files one after the other; a broken one becomes a failed verdict and never stops the rest. */
export async function* classifyFiles(
  files: AsyncIterable<DroppedFile>,
  classify: Commands['classify'],
): AsyncGenerator<FileVerdict> {
  for await (const file of files) yield await judge(file, classify);
}

/** The verdicts as rows of a CSV file: file, class, probability, reason of a failure, then one column per class. */
export function verdictRows(verdicts: readonly FileVerdict[], classNames: readonly string[]): (string | number)[][] {
  const header = ['file', 'class', 'probability', 'problem', ...classNames];
  const rows = verdicts.map((verdict) => {
    if (verdict.kind === 'failed') return [verdict.path, '', '', verdict.reason, ...classNames.map(() => '')];
    return [verdict.path, verdict.className, verdict.confidenceRatio, '', ...verdict.probabilities];
  });
  return [header, ...rows];
}
