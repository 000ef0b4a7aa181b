import type { Comparison, ComparisonRow, Measured } from '../domain/comparison.ts';
import { bestNetworkIds, outcomeAccuracy, type Transfer, transferOf } from '../domain/comparison-scores.ts';
import { comparisonSummary } from '../domain/comparison-words.ts';
import type { ComparedBackbone, ComparisonSummary } from './graft-api.ts';

/** A comparison as scripts get it. */
export function summariseComparison({ imageCount, foldCount, device, rows }: Comparison): ComparisonSummary {
  const best = bestNetworkIds(rows);
  return {
    imageCount,
    foldCount,
    backend: device.backend,
    summary: comparisonSummary(rows),
    backbones: rows.map((row) => describeRow(row, rows, best.has(row.id))),
  };
}

const NO_FIGURES = {
  accuracyRatio: null,
  accuracyInterval: null,
  transferHelps: null,
  millisecondsPerImage: null,
  millisecondsSingleImage: null,
  batchSize: null,
  loadMs: null,
  headMs: null,
  heldBytes: null,
  downloadBytes: null,
  parameterCount: null,
  featureLength: null,
};

function describeRow(row: ComparisonRow, rows: readonly ComparisonRow[], isBestTradeOff: boolean): ComparedBackbone {
  const { id, name, kind, result } = row;
  if (result.kind === 'failed') return { id, name, kind, failure: result.reason, isBestTradeOff, ...NO_FIGURES };
  const transfer: Transfer = kind === 'network' ? transferOf({ ...row, result }, rows) : { kind: 'unknown' };
  return { id, name, kind, failure: null, isBestTradeOff, ...figures(result), transferHelps: helps(transfer) };
}

function helps(transfer: Transfer): boolean | null {
  return transfer.kind === 'helps' ? true : transfer.kind === 'hurts' ? false : null;
}

function figures(result: Measured) {
  const accuracy = outcomeAccuracy(result.outcomes);
  const { batchMs, singleMs, batchSize, loadMs, headMs, heldBytes, downloadBytes, parameterCount, featureLength } =
    result;
  return {
    accuracyRatio: accuracy?.ratio ?? null,
    accuracyInterval: accuracy === null ? null : { low: accuracy.lowRatio, high: accuracy.highRatio },
    millisecondsPerImage: batchMs,
    millisecondsSingleImage: singleMs,
    batchSize,
    loadMs,
    headMs,
    heldBytes,
    downloadBytes,
    parameterCount,
    featureLength,
  };
}
