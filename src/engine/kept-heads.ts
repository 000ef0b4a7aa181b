import { type BackboneRef, isSameBackbone } from '../domain/backbone.ts';
import type { HeadWeights } from '../domain/head.ts';
import type { TunedStages } from '../domain/tuned-stages.ts';
import { withTunedStages } from '../graph/split-at-stage.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { BackendName } from './contract.ts';
import { createEmbedder, type Embedder } from './embedder.ts';
import type { LoadedBackbone } from './load-backbone.ts';

/** Heads kept for `classify`: the current run's and one before. */
const HEADS_KEPT = 2;

/** A head, and tuned stages, with the backbone they were trained on. */
interface HeadOnBackbone {
  readonly backbone: BackboneRef;
  readonly head: HeadWeights;
  readonly tuned: TunedStages | null;
}

interface KeptHead extends HeadOnBackbone {
  /** The network with tuned stages, made when it is first asked for. */
  running: { readonly graph: LoadedBackbone['graph']; readonly embedder: Embedder } | null;
}

/** The heads that `classify` may use, the latest last, each with its own network where stages of it were tuned. */
export class KeptHeads {
  private readonly heads = new Map<string, KeptHead>();

  keep(key: string, head: HeadOnBackbone): void {
    this.drop(key);
    this.heads.set(key, { ...head, running: null });
    for (const oldest of this.heads.keys()) {
      if (this.heads.size <= HEADS_KEPT) return;
      this.drop(oldest);
    }
  }

  /** @throws RemoteError 'head-missing'; also when the head belongs to another backbone, or does not fit its features. */
  get(key: string, { graph, embedder, report }: LoadedBackbone, backend: BackendName) {
    const kept = this.heads.get(key);
    const fits = kept?.head.layers[0]?.inputLength === embedder.featureLength;
    if (kept === undefined || !fits || !isSameBackbone(kept.backbone, report)) {
      throw new RemoteError('head-missing', 'There is no trained head for the network in use.');
    }
    const { head, tuned } = kept;
    if (tuned === null) return { head, embedder };
    if (kept.running?.graph !== graph) {
      kept.running?.embedder.dispose();
      kept.running = { graph, embedder: createEmbedder(withTunedStages(graph, tuned), backend) };
    }
    return { head, embedder: kept.running.embedder };
  }

  private drop(key: string): void {
    this.heads.get(key)?.running?.embedder.dispose();
    this.heads.delete(key);
  }
}
