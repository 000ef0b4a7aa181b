import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Features } from '../../src/engine/training/features.ts';
import type { DealtRows } from './deal-rows.ts';
import type { HeadScore } from './score-head.ts';

const SCRIPT = join('bench', 'recipe', 'logistic_regression_cv.py');

/** scikit-learn in a process of its own. */
export interface ScikitLearn {
  score(features: Features, dealt: DealtRows): Promise<HeadScore>;
  close(): void;
}

/** @returns null, and a line that says so, where there is no Python with scikit-learn. */
export function startScikitLearn(): ScikitLearn | null {
  if (spawnSync('python3', ['-c', 'import sklearn']).status !== 0) {
    console.log('without LogisticRegressionCV: no python3 with scikit-learn (pip install scikit-learn)');
    return null;
  }
  const folder = mkdtempSync(join(tmpdir(), 'graft-rows-'));
  const python = spawn('python3', [SCRIPT], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    score: async ({ values, featureLength }, { classIndices, parts }) => {
      const startedMs = performance.now();
      const file = join(folder, 'rows.f32');
      writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      const firstTested = parts.indexOf('test');
      const [learntClasses, testedClasses] = [classIndices.slice(0, firstTested), classIndices.slice(firstTested)];
      python.stdin.write(`${JSON.stringify({ file, featureLength, learntClasses, testedClasses })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${SCRIPT} ended without an answer`);
      const { right, loss } = JSON.parse(value) as Omit<HeadScore, 'seconds'>;
      return { right, loss, seconds: (performance.now() - startedMs) / 1000 };
    },
    close: () => {
      python.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
