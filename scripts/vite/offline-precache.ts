import type { Plugin } from 'vite';
export function offlinePrecache(): Plugin {
  return { name: 'graft-offline-precache' };
}
