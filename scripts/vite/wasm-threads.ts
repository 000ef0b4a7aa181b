import type { Plugin } from 'vite';

const FACTORY = /tfjs-backend-wasm-threaded-simd\.js$/;
const DECLARATIONS = /var _scriptDir = [^;]+;\s*if \(typeof __filename !== 'undefined'\) [^;]+;/;

/**
 * Keeps the threads of tfjs's wasm backend alive through minification.
 * Each thread starts from the text of a function (`toString`) that looks at a variable of the module around it, behind a
 * `typeof` check. A minifier sees the declaration, drops the check and renames the variable, and every thread ends with
 * "e is not defined". Without the declaration the check has to stay; the variable is not needed in a worker.
 *
 * @throws Error when the file no longer looks as expected, so that an update cannot lose the threads unnoticed.
 */
export function wasmThreads(): Plugin {
  return {
    name: 'graft-wasm-threads',
    enforce: 'pre',
    apply: 'build',
    transform(code, id) {
      if (!FACTORY.test(id)) return null;
      if (!DECLARATIONS.test(code)) throw new Error(`${id} is not as expected: check that wasm threads still start`);
      return { code: code.replace(DECLARATIONS, ''), map: null };
    },
  };
}
