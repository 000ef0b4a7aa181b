import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './scripts/chromium.ts';
import { graftServer } from './scripts/vite/graft-server.ts';
import { plainLibrary } from './scripts/vite/plain-library.ts';
import { overlapPlan } from './tests/helpers/overlap-plan.ts';

const executablePath = findChromium();

/** React as it ships: its development build spends a third of these tests on noting where every element was made. */
const SHIPPED = { 'process.env.NODE_ENV': '"production"' };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          environment: 'node',
          testTimeout: 30_000,
          // Half the time went into reading the same modules again for every file; nothing here keeps what a test leaves.
          isolate: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/helpers/node/serve-built-page.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
      {
        plugins: [react(), graftServer(), plainLibrary()],
        worker: { format: 'es' },
        define: SHIPPED,
        oxc: { jsx: { development: false } },
        optimizeDeps: {
          rolldownOptions: { transform: { define: SHIPPED } },
          include: [
            'react',
            'react-dom',
            'react-dom/client',
            'react-aria-components',
            'recharts',
            'zustand',
            'lucide-react',
            'h5wasm',
          ],
        },
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.{ts,tsx}'],
          provide: { overlap: overlapPlan(process.env) },
          testTimeout: 120_000,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: CHROMIUM_ARGS, ...(executablePath === null ? {} : { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
