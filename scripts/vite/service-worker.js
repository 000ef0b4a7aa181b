// Keeps the whole page usable offline. The build replaces FILES with every built file and its revision.
/** @type {Readonly<Record<string, string>>} path relative to this worker -> revision of its content. */
const FILES = {};

const SCOPE = self.registration.scope;
// Caches are shared by everything on the origin, so their names carry the folder this page lives in.
const BUILT = `graft-built ${SCOPE}`;
const FETCHED = `graft-fetched ${SCOPE}`;
// After this a network that does not answer counts as none, when there is a copy.
const PATIENCE_MS = 4000;
// Names under assets/ carry a hash of their content: a copy is never out of date.
const NEVER_CHANGES = /^assets\//;
// Self-hosted networks are not part of the build and too large to fetch before they are wanted.
const KEPT_WHEN_FETCHED = /^backbones\//;
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = pathOf(request.url);
  const whole = request.method === 'GET' && !request.headers.has('range');
  if (path === null || !whole) return;
  event.respondWith(answer(event, path).then(isolated));
});

/** The address inside our folder, without query; null for anything else. The folder itself is index.html. */
function pathOf(address) {
  const url = new URL(address);
  const start = new URL(SCOPE);
  if (url.origin !== start.origin || !url.pathname.startsWith(start.pathname)) return null;
  return decodeURIComponent(url.pathname.slice(start.pathname.length)) || 'index.html';
}

/** Where the copy of a built file lies. The revision in the key keeps two versions of the page apart. */
function keyOf(path) {
  const url = new URL(path.split('/').map(encodeURIComponent).join('/'), SCOPE);
  url.searchParams.set('revision', FILES[path]);
  return url.href;
}

async function install() {
  const cache = await caches.open(BUILT);
  await Promise.all(
    Object.keys(FILES).map(async (path) => {
      const key = keyOf(path);
      if (await cache.match(key)) return;
      const response = await fetch(new URL(path, SCOPE), { cache: NEVER_CHANGES.test(path) ? 'default' : 'no-cache' });
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      await cache.put(key, response);
    }),
  );
}

async function activate() {
  const cache = await caches.open(BUILT);
  const wanted = new Set(Object.keys(FILES).map(keyOf));
  const old = (await cache.keys()).filter((request) => !wanted.has(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

async function answer(event, path) {
  const copy = await copyOf(path, event.request);
  if (copy !== undefined && NEVER_CHANGES.test(path)) return copy;
  const fromNetwork = fetch(event.request).then((response) => keep(event, path, response));
  if (copy === undefined) return fromNetwork;
  return Promise.race([
    fromNetwork.then((response) => (response.status >= 500 ? copy : response)),
    after(PATIENCE_MS, copy),
  ]).catch(() => copy);
}

async function copyOf(path, request) {
  if (path in FILES) return (await caches.open(BUILT)).match(keyOf(path));
  if (KEPT_WHEN_FETCHED.test(path)) return (await caches.open(FETCHED)).match(request, { ignoreVary: true });
  return undefined;
}

/** Keeps what is not part of the build; a full disk is no reason to fail. */
function keep(event, path, response) {
  if (response.status === 200 && KEPT_WHEN_FETCHED.test(path) && !(path in FILES)) {
    const copy = response.clone();
    event.waitUntil(
      caches
        .open(FETCHED)
        .then((cache) => cache.put(event.request, copy))
        .catch(() => undefined),
    );
  }
  return response;
}

function after(milliseconds, value) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, value));
}

/** Adds the headers that let wasm use threads, for hosts that cannot send them. Takes effect at the next load. */
function isolated(response) {
  if (response.type === 'opaqueredirect' || response.status === 0 || response.status === 304) return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) if (!headers.has(name)) headers.set(name, value);
  const body = response.status === 204 ? null : response.body;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}
