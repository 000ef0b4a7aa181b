import { type BackboneReport, isStoredBackbone } from '../domain/backbone.ts';
import type { Run } from '../domain/run.ts';
import { RemoteError } from '../rpc/remote-error.ts';
import type { CommandContext } from './context.ts';

/**
 * The backbone that a use case works on from its start to its end. Ask once, and pass it down to every call and to
 * everything that is stored: the one in the state may be another after any await.
 *
 * @throws RemoteError 'backbone-missing'.
 */
export async function activeBackbone({ session, store }: CommandContext): Promise<BackboneReport> {
  // Between an activation and its answer the state still shows the one before.
  await session.activation;
  const { current } = store.getState().backbones;
  if (current === null) throw new RemoteError('backbone-missing', 'no network is loaded');
  return current;
}

/** @throws RemoteError 'other-backbone' when a run's model belongs to another one, or to other files of that name. */
export function checkBackbone(run: Pick<Run, 'backbone'>, backbone: BackboneReport): void {
  if (isStoredBackbone(run.backbone, backbone)) return;
  throw new RemoteError('other-backbone', `the model was trained on ${run.backbone.name}`);
}
