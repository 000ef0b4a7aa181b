import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PixelBudget } from '../../../src/engine/pixel-budget.ts';

const MEGA = 1_000_000;
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the budget of open pixels', () => {
  it('never has more than 24 megapixels open, nor a large picture beside another, and serves all', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, async (megapixels) => {
        const budget = new PixelBudget();
        const open: number[] = [];
        const served: number[] = [];
        const work = async (size: number, index: number) => {
          open.push(size);
          if (open.some((other) => other > 20)) expect(open).toHaveLength(1);
          else expect(open.reduce((sum, other) => sum + other, 0)).toBeLessThanOrEqual(24);
          await turn();
          open.splice(open.indexOf(size), 1);
          served.push(index);
        };
        await Promise.all(megapixels.map((size, index) => budget.use(size * MEGA, () => work(size, index))));
        expect(served).toHaveLength(megapixels.length);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the room back when the work fails', async () => {
    const budget = new PixelBudget();
    const fail = () => Promise.reject(new Error('broken'));
    await expect(budget.use(100 * MEGA, fail)).rejects.toThrow('broken');
    await expect(budget.use(100 * MEGA, async () => 'open')).resolves.toBe('open');
  });
});
