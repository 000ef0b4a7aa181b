import type { ContentHash, Part } from './dataset.ts';

/** Ratios of the three parts and the seed that decides who goes where. Ratios are 0-1 and sum to 1. */
export interface SplitSettings {
  readonly trainRatio: number;
  readonly validationRatio: number;
  readonly testRatio: number;
  readonly seed: number;
}

export const DEFAULT_SPLIT: SplitSettings = { trainRatio: 0.7, validationRatio: 0.15, testRatio: 0.15, seed: 42 };

/** What the split needs to know of one image. */
export interface SplitItem {
  readonly hash: ContentHash;
  readonly classId: string;
  readonly lockedPart: Part | null;
}
