import { CodedError } from '../domain/coded-error.ts';

/** `unsupported`: a sound network Graft cannot read. `corrupt`: the files contradict themselves or are damaged. */
export type GraphErrorCode = 'backbone-unsupported' | 'backbone-corrupt';

/** The only error this folder throws; its message names the node or tensor at fault. */
export class GraphError extends CodedError {
  constructor(
    override readonly code: GraphErrorCode,
    message: string,
  ) {
    super(code, message);
  }
}

/** The network is well formed but uses something Graft cannot read. */
export function unsupported(message: string): GraphError {
  return new GraphError('backbone-unsupported', message);
}

/** The files are damaged or contradict themselves. */
export function corrupt(message: string): GraphError {
  return new GraphError('backbone-corrupt', message);
}
