// The page as an app: its service worker (`sw.js`) keeps the page's files, and a new version waits until somebody wants it.

import { address, inHost } from "./address";
import { store } from "./store";

/** A version of the page that waits, by its sum. */
export const waiting = store<{ version: string; use: () => void } | undefined>(undefined);

/** Of every path another: those of one host share their caches. */
const PAGES = `page-${inHost("")}`;

/** The version that came last: caches stand in the order in which they were made. */
async function newest(): Promise<string> {
  const versions = (await caches.keys())
    .filter((name) => name.startsWith(PAGES))
    .map((name) => name.slice(PAGES.length));
  return versions.findLast((version) => !version.includes("/")) ?? "";
}

async function offer({ waiting: worker, active }: ServiceWorkerRegistration): Promise<void> {
  // The first one waits for nobody.
  if (worker === null || active === null) return;
  const use = (): void => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") location.reload();
    });
    worker.postMessage("use");
  };
  waiting.set({ version: await newest(), use });
}

/** What this visit has loaded before there was a worker, for it to keep: flags, above all. */
async function keepLoaded(): Promise<void> {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const assets = await caches.open("assets");
  for (const url of new Set(loaded))
    if (url.startsWith(`${address}/assets/`) && (await assets.match(url)) === undefined) await assets.add(url);
}

/**
 * Whether the page may be kept. Over plain HTTP browsers keep none; from this machine itself there is nothing to keep it for, and whatever
 * else runs at the same port later would be hidden by it.
 */
export const canBeKept = (): boolean =>
  import.meta.env.PROD && location.protocol === "https:" && "serviceWorker" in navigator;

/** Has the page kept; call it once. */
export async function beginToBeKept(): Promise<void> {
  const registration = await navigator.serviceWorker.register(inHost("/sw.js"));
  void offer(registration);
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", () => void offer(registration));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined);
  });
  await navigator.serviceWorker.ready;
  await keepLoaded();
}
