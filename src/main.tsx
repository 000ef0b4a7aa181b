import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { dependencies, version } from '../package.json';
import { App } from './app/App.tsx';
import './app/theme.css';
import { registerServiceWorker } from './app/register-service-worker.ts';
import { type CommandContext, newSession } from './commands/context.ts';
import { createCommands } from './commands/create-commands.ts';
import { errorText } from './commands/error-text.ts';
import { followEngine } from './commands/follow-engine.ts';
import type { GraftApi } from './commands/graft-api.ts';
import { graftWhenReady } from './commands/graft-when-ready.ts';
import { followImages } from './commands/instant-model.ts';
import { notify } from './commands/notices.ts';
import { openLastProject } from './commands/projects.ts';
import { startUp } from './commands/start-up.ts';
import EngineWorker from './engine/worker.ts?worker&url';
import { createEngineClient } from './engine-client/engine-client.ts';
import { AppContext } from './features/use-app.tsx';
import { createAppStore } from './state/store.ts';
import { openStorage } from './storage/storage.ts';

const store = createAppStore();

/**
 * The worker starts from a blob that imports the real one: a blob inherits this page's content security policy, a file
 * of its own would have none on a static host.
 */
function createWorker(): Worker {
  const address = new URL(EngineWorker, import.meta.url).href;
  const bootstrap = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  const url = URL.createObjectURL(bootstrap);
  const worker = new Worker(url, { type: 'module', name: 'graft-engine' });
  worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true });
  return worker;
}

const session = newSession();

async function buildContext(): Promise<CommandContext> {
  const storage = await openStorage({
    onEnd: () =>
      notify(store, 'error', 'This browser closed the saved data.', 'What was saved is kept. Reload the page.'),
  });
  return {
    store,
    storage,
    engine: createEngineClient({ createWorker, onState: (status) => followEngine(store, session, status) }),
    session,
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    pageUrl: new URL('.', document.baseURI).href,
    versions: { graft: version, tfjs: dependencies['@tensorflow/tfjs'] },
  };
}

const container = document.querySelector('#root');
if (container === null) throw new Error('index.html has no #root');
const root = createRoot(container);

/**
 * Opens storage, shows the page, and starts what computes.
 * @returns what makes the door for scripts, which nothing on the page waits for.
 */
async function open(): Promise<() => Promise<GraftApi>> {
  const ctx = await buildContext();
  const commands = createCommands(ctx);
  store.subscribe(() => followImages(ctx));
  const opened = openLastProject(ctx);
  const started = startUp(ctx, opened, new URL(location.href).searchParams.get('backend'));
  // `startUp` shows a failure; scripts get it again from each call.
  started.catch(() => undefined);
  root.render(
    <StrictMode>
      <AppContext.Provider value={{ store, commands }}>
        <App />
      </AppContext.Provider>
    </StrictMode>,
  );
  registerServiceWorker();
  return async () => {
    const { createGraftApi } = await import('./commands/create-graft-api.ts');
    return createGraftApi(ctx, commands, opened, started);
  };
}

function showFailure(error: unknown): void {
  const { title, advice } = errorText(error);
  root.render(
    <main role="alert">
      <h1>{title}</h1>
      <p>{advice}</p>
    </main>,
  );
}

const shown = open();
shown.catch(showFailure);
window.graft = graftWhenReady(shown.then((makeApi) => makeApi()));
