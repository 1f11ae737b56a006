/** Until the browser has nothing else to do, or for so long. */
export const idle = (most_ms: number): Promise<void> =>
  new Promise((resolve) => {
    // Safari knows no idle moments.
    if (typeof requestIdleCallback === "undefined") setTimeout(resolve, 0);
    else requestIdleCallback(() => resolve(), { timeout: most_ms });
  });
