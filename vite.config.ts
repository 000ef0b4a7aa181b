import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { graftServer } from './scripts/vite/graft-server.ts';
import { offlinePrecache } from './scripts/vite/offline-precache.ts';

export default defineConfig({
  base: './',
  plugins: [react(), graftServer(), offlinePrecache()],
  worker: { format: 'es' },
  build: { target: 'es2023', sourcemap: false, chunkSizeWarningLimit: 3000 },
  preview: { port: 4173 },
  server: { port: 5173 },
});
