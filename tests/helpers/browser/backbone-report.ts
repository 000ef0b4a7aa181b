import type { BackboneReport } from '../../../src/domain/backbone.ts';

/** What the engine says of a small network that it has loaded. */
export function backboneReport(facts: Partial<BackboneReport> = {}): BackboneReport {
  return {
    id: 'tiny',
    name: 'Tiny',
    inputSide: 16,
    featureLength: 8,
    parameterCount: 1,
    stages: [],
    sizeBytes: 1,
    sha256: 'b'.repeat(64),
    licence: '',
    source: '',
    foldingErrorRatio: null,
    millisecondsPerImage: 1,
    ...facts,
  };
}
