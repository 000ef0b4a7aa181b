import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contentSecurityPolicyTag } from './scripts/vite/content-security-policy.ts';
import { graftServer } from './scripts/vite/graft-server.ts';
import { offlinePrecache } from './scripts/vite/offline-precache.ts';
import { plainLibrary } from './scripts/vite/plain-library.ts';
import { wasmThreads } from './scripts/vite/wasm-threads.ts';

export default defineConfig({
  base: './',
  plugins: [react(), graftServer(), plainLibrary(), contentSecurityPolicyTag(), offlinePrecache()],
  worker: { format: 'es', plugins: () => [wasmThreads()] },
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 3000 },
  preview: { port: 4173 },
  server: { port: 5173 },
});
