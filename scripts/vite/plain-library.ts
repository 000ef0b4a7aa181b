import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** What `src/export/demo-page.ts` puts into a download. */
const LIBRARY = '/node_modules/@tensorflow/tfjs/dist/tf.es2017.min.js';

/**
 * Serves the library of a download as the file it is, as the built page does. The development server takes it for code
 * of the page and gives it out with a map of its sources inside: 22 MB instead of 1.1.
 */
export function plainLibrary(): Plugin {
  return {
    name: 'plain-library',
    configureServer: (server) =>
      void server.middlewares.use((request, response, next) => {
        // It may lie beside the checkout, under an address of its own.
        if (!request.url?.endsWith(LIBRARY)) return next();
        response.setHeader('Content-Type', 'text/javascript');
        createReadStream(join(server.config.root, LIBRARY)).pipe(response);
      }),
  };
}
