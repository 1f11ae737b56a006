/**
 * Asks the node something, and fails after so long as where nobody answers: with a `TypeError`, as `fetch` does. Whatever was under way
 * ends then, and where whoever asked leaves by a signal of `own`.
 */
export function inTime<Answer>(
  limit_ms: number,
  ask: (signal: AbortSignal) => Promise<Answer>,
  own?: AbortSignal,
): Promise<Answer> {
  const control = new AbortController();
  const leave = (): void => control.abort(own?.reason);
  if (own?.aborted === true) leave();
  own?.addEventListener("abort", leave);
  return new Promise<Answer>((resolve, reject) => {
    const timer = setTimeout(() => {
      // First, so that it is not the browser's word for what was broken off.
      reject(new TypeError(`no answer within ${limit_ms} ms`));
      control.abort();
    }, limit_ms);
    const end = (): void => {
      clearTimeout(timer);
      own?.removeEventListener("abort", leave);
    };
    ask(control.signal).then(resolve, reject).finally(end);
  });
}
