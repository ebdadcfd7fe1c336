// A page answers its visitor between two tasks, so work that takes long is cut into several.

/** How long work goes on in one task, in ms: browsers call one of 50 ms long, on machines slower than ours. */
const kWorkMs = 8;

let begun = -Infinity;

/** At once, or in a task of its own when the last of those is some time ago. */
export async function breathe(): Promise<void> {
  if (performance.now() - begun < kWorkMs) return;
  await new Promise<void>((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
  begun = performance.now();
}
