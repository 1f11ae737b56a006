// The service worker: it keeps the page's files, so that the page opens where nobody answers. The build puts in front of it `FILES`,
// their paths, and `VERSION`, a sum of all of them. Answers of the node it neither keeps nor gives.
/* global caches, fetch, self, FILES, VERSION */

/** Files with a sum in their names: versions share those that are the same. */
const ASSETS = "assets";
/** The page of this version, which names them. */
const PAGE = `page-${VERSION}`;
const INDEX = "/index.html";

const pathOf = ({ url }) => new URL(url).pathname;

async function install() {
  const assets = await caches.open(ASSETS);
  const kept = new Set((await assets.keys()).map(pathOf));
  // Of flags a pool has few: each is kept once it was shown.
  await assets.addAll(FILES.filter((path) => !kept.has(path) && !path.endsWith(".svg")));
  await (await caches.open(PAGE)).add(new Request(INDEX, { cache: "no-cache" }));
}

/** Forgets the versions before this one. */
async function activate() {
  for (const name of await caches.keys()) if (name.startsWith("page-") && name !== PAGE) await caches.delete(name);
  const assets = await caches.open(ASSETS);
  for (const request of await assets.keys()) if (!FILES.includes(pathOf(request))) await assets.delete(request);
}

async function asset(request) {
  const assets = await caches.open(ASSETS);
  const kept = await assets.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await assets.put(request.url, answer.clone());
  return answer;
}

const page = async (request) => (await caches.match(INDEX, { cacheName: PAGE })) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// A new version waits until somebody wants it.
self.addEventListener("message", ({ data }) => {
  if (data === "use") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !/^\/api\/|\.[a-z]+$/.test(pathname)) event.respondWith(page(request));
});
