import { type BackboneEntry, type BackboneRef, type BackboneReport, isSameBackbone } from '../domain/backbone.ts';
import type { ContentHash } from '../domain/dataset.ts';
import type { ResizeMode } from '../domain/project.ts';
import { throwIfAborted } from '../rpc/abort-error.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import { type StartedBackend, startBackend } from './backend.ts';
import type { BackendName, DeviceReport } from './contract.ts';
import type { OnBackbone } from './contract-measuring.ts';
import { type FeatureCache, openFeatureCache } from './feature-cache.ts';
import { FeatureStore } from './feature-store.ts';
import { Lease } from './lease.ts';
import { type LoadContext, type LoadedBackbone, loadBackbone } from './load-backbone.ts';

/** What a call on a loaded backbone works with; stays valid until the call ends, even when another backbone is activated. */
export interface Workplace {
  readonly backbone: LoadedBackbone;
  readonly store: FeatureStore;
}

/** What the worker holds between calls: the device, the backbone, and where its features are kept. */
export class Session {
  private device: StartedBackend | null = null;
  private lostError: RemoteError | null = null;
  private readonly onLost = new Set<(error: RemoteError) => void>();
  private backbone: { readonly loaded: LoadedBackbone; readonly lease: Lease<LoadedBackbone> } | null = null;
  /** Ready beside the active one until it is activated or discarded. */
  private prepared: LoadedBackbone | null = null;
  private store: FeatureStore | null = null;
  private cache: Promise<FeatureCache> | null = null;
  private loading: Promise<unknown> = Promise.resolve();

  constructor(private readonly now: () => number) {}

  /** Starts the backend; a second call reports the one in use. */
  async start(wanted: BackendName | null, avoid: readonly BackendName[]): Promise<DeviceReport> {
    if (this.device === null) {
      this.device = await startBackend(wanted, avoid, this.now);
      void this.device.lost.then((error) => {
        this.lostError = error;
        for (const notify of [...this.onLost]) notify(error);
      });
    }
    return this.device.report;
  }

  /** Runs work that fails with 'device-lost' as soon as the device goes, whatever the work itself makes of it. */
  guard<R>(work: () => Promise<R>): Promise<R> {
    if (this.lostError !== null) return Promise.reject(this.lostError);
    return new Promise((resolve, reject) => {
      this.onLost.add(reject);
      work()
        .then(resolve, (error: unknown) => reject(this.lostError ?? translate(error)))
        .finally(() => this.onLost.delete(reject));
    });
  }

  /** Resolves with the reason once the device has gone. */
  async whenLost(): Promise<string> {
    if (this.lostError !== null) return this.lostError.message;
    return new Promise((resolve) => this.onLost.add((error) => resolve(error.message)));
  }

  /** Loads a backbone beside the active one, in the place of any prepared before. One at a time; an abort disposes it. */
  prepare(entry: BackboneEntry, context: Omit<LoadContext, 'backend' | 'now'>): Promise<BackboneReport> {
    const turn = this.loading.then(async () => {
      throwIfAborted(context.signal);
      // First, so that the device never holds three.
      this.discard();
      const loaded = await loadBackbone(entry, { ...context, backend: this.started().report.backend, now: this.now });
      if (context.signal.aborted) loaded.dispose();
      throwIfAborted(context.signal);
      this.prepared = loaded;
      return loaded.report;
    });
    this.loading = turn.catch(() => null);
    return turn;
  }

  /** Disposes what is prepared. */
  discard(): void {
    this.prepared?.dispose();
    this.prepared = null;
  }

  /**
   * Puts the prepared backbone in the place of the active one, which is disposed when its last call ends.
   * @throws RemoteError 'stale-backbone' when `ref` names neither.
   */
  activate(ref: BackboneRef): void {
    const { prepared: loaded } = this;
    if (loaded === null || !isSameBackbone(loaded.report, ref)) {
      if (this.backbone !== null && isSameBackbone(this.backbone.loaded.report, ref)) return;
      throw new RemoteError('stale-backbone', `${ref.id} is not the network that was prepared.`);
    }
    this.prepared = null;
    this.backbone?.lease.retire();
    this.backbone = { loaded, lease: new Lease(loaded) };
    this.store = null;
  }

  /** The backend in use. @throws RemoteError 'engine-not-started'. */
  backend(): BackendName {
    return this.started().report.backend;
  }

  /**
   * The only way to the active backbone, so that every call names the one it means.
   * @throws RemoteError 'backbone-missing' when none is active, 'stale-backbone' when another one is.
   */
  withBackbone<R>({ backbone: ref }: OnBackbone, work: (backbone: LoadedBackbone) => Promise<R>): Promise<R> {
    if (this.backbone === null) {
      return Promise.reject(new RemoteError('backbone-missing', 'No network is loaded yet.'));
    }
    if (!isSameBackbone(this.backbone.loaded.report, ref)) {
      return Promise.reject(new RemoteError('stale-backbone', `${ref.id} is not the network in use.`));
    }
    return this.backbone.lease.use(work);
  }

  /** @throws RemoteError as `withBackbone` does. */
  withWorkplace<R>(
    on: OnBackbone & { readonly resizeMode: ResizeMode },
    work: (workplace: Workplace) => Promise<R>,
  ): Promise<R> {
    return this.withBackbone(on, async (backbone) =>
      work({ backbone, store: await this.storeFor(backbone, on.resizeMode) }),
    );
  }

  /** Lends `work` a backbone of its own, beside the one in use, and disposes it afterwards. */
  async withVisitor<R>(
    load: (place: Pick<LoadContext, 'backend' | 'now'>) => Promise<LoadedBackbone>,
    mode: ResizeMode,
    work: (workplace: Workplace) => Promise<R>,
  ): Promise<R> {
    const backbone = await load({ backend: this.started().report.backend, now: this.now });
    try {
      const { featureKey, report } = backbone;
      const store = new FeatureStore(await this.openCache(), featureKey, mode, report.featureLength);
      return await work({ backbone, store });
    } finally {
      backbone.dispose();
    }
  }

  /** Drops features from disk and memory. */
  async forget(hashes: ReadonlySet<ContentHash>): Promise<void> {
    this.store?.forget(hashes);
    await (await this.openCache()).forget(hashes);
  }

  private started(): StartedBackend {
    if (this.device === null) throw new RemoteError('engine-not-started', 'The engine has not been started yet.');
    return this.device;
  }

  private async storeFor({ featureKey, report }: LoadedBackbone, mode: ResizeMode): Promise<FeatureStore> {
    const cache = await this.openCache();
    const current = this.store;
    if (current?.featureKey === featureKey && current.mode === mode) return current;
    this.store = new FeatureStore(cache, featureKey, mode, report.featureLength);
    return this.store;
  }

  private openCache(): Promise<FeatureCache> {
    this.cache ??= openFeatureCache();
    return this.cache;
  }
}

/** wasm that has trapped, mostly for want of memory, answers no further call: the client must start another worker. */
function translate(error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError)) return error;
  return new RemoteError('worker-crashed', `The engine ran out of memory or failed: ${error.message}`, {
    cause: error,
  });
}
