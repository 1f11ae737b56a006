/** Ends a task: what comes behind it is in another one, before which a slow phone answers its reader. */
export const breath = (): Promise<void> =>
  new Promise((done) => {
    setTimeout(done);
  });
