import type { BackendName, EngineCalls } from '../engine/contract.ts';

export type StartInput = EngineCalls['start']['input'];

/** A device may be lost once, for example by a driver update; the second time its backend is left alone. */
const LOSSES_BEFORE_AVOIDING = 2;

/** Remembers which backends have lost their device and says how to start next. */
export class RestartPolicy {
  private readonly lossCounts = new Map<BackendName, number>();

  deviceLost(backend: BackendName): void {
    this.lossCounts.set(backend, (this.lossCounts.get(backend) ?? 0) + 1);
  }

  /** The user has chosen: what was lost before no longer counts. */
  forget(): void {
    this.lossCounts.clear();
  }

  /** @returns the start that was asked for, less the backends that have failed too often. */
  nextStart(asked: StartInput): StartInput {
    const failed = [...this.lossCounts].filter(([, count]) => count >= LOSSES_BEFORE_AVOIDING).map(([name]) => name);
    const wanted = asked.wanted !== null && failed.includes(asked.wanted) ? null : asked.wanted;
    return { wanted, avoid: [...(asked.avoid ?? []), ...failed] };
  }
}
