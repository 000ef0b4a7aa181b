/**
 * Keeps a copy of the built page for use without a network. Does nothing while developing.
 * Without a copy (private window, no secure context) the page works all the same, only not offline.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const register = () => {
    const address = new URL('service-worker.js', document.baseURI);
    navigator.serviceWorker.register(address, { updateViaCache: 'none' }).catch((error: unknown) => {
      console.info('Graft will not work offline: the service worker was not taken.', error);
    });
  };
  // After loading, so that the copy does not compete with the first start.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}
