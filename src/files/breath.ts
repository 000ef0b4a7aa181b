/**
 * Lets the browser draw and take input, and goes on at once when there is nothing: unlike a timer, which makes whoever
 * takes many breaths wait 4 ms for each.
 */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
