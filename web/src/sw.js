// The service worker: it keeps the page's files, so that the page opens where nobody answers. The build puts in front of it `SUMS`,
// their paths with the beginning of each one's SHA-256, and `VERSION`, a sum of all of them. A file that is another than it was built
// is neither kept nor given. Answers of the node it neither keeps nor gives. What the node pushes it shows.
/* global Headers, Response, btoa, caches, clients, crypto, fetch, self, SUMS, VERSION */

/** Files with a sum in their names: versions share those that are the same. */
const ASSETS = "assets";
/** The path below which the page lies on its host, which may have another page of Bolao below another: they share these caches. */
const BELOW = new URL(".", self.location.href).pathname.slice(0, -1);
/** The page of this version, which names them. Older ones of the same path begin as this does. */
const PAGES = `page-${BELOW}`;
const PAGE = PAGES + VERSION;
const INDEX = `${BELOW}/index.html`;

/** Below it lie the pages of other pools of the host, each with a service worker of its own. */
const OTHERS = /^\/p\/[^/]+(\/|$)/;

/** The path of a request, seen from the page; `undefined` where it lies elsewhere. */
function pathOf({ url }) {
  const { pathname } = new URL(url);
  const path = pathname.startsWith(`${BELOW}/`) ? pathname.slice(BELOW.length) : undefined;
  return path !== undefined && OTHERS.test(path) ? undefined : path;
}

async function install() {
  const assets = await caches.open(ASSETS);
  const kept = new Set((await assets.keys()).map(pathOf));
  // Of flags a pool has few: each is kept once it was shown.
  const wanted = Object.keys(SUMS).filter((path) => !kept.has(path) && !path.endsWith(".svg"));
  await Promise.all(
    wanted.map(async (path) => {
      const answer = await fetched(BELOW + path, path);
      if (!answer.ok) throw new TypeError(`${path} cannot be kept`);
      await assets.put(BELOW + path, answer);
    }),
  );
  await (await caches.open(PAGE)).add(new Request(INDEX, { cache: "no-cache" }));
}

/** Whether a cache has a page of this path. */
const isPage = (name) => name.startsWith(PAGES) && !name.slice(PAGES.length).includes("/");

/** Forgets the versions before this one. */
async function activate() {
  for (const name of await caches.keys()) if (isPage(name) && name !== PAGE) await caches.delete(name);
  const assets = await caches.open(ASSETS);
  for (const request of await assets.keys()) {
    const path = pathOf(request);
    if (path?.startsWith("/assets/") && !(path in SUMS)) await assets.delete(request);
  }
}

/** A file as it was built; an error where the node has another one under its name. */
async function fetched(request, path) {
  const answer = await fetch(request);
  if (!answer.ok) return answer;
  const body = await answer.clone().arrayBuffer();
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).subarray(0, 15);
  return btoa(String.fromCharCode(...sum)) === SUMS[path] ? answer : Response.error();
}

async function asset(request) {
  const assets = await caches.open(ASSETS);
  const kept = await assets.match(request.url);
  if (kept !== undefined) return kept;
  const answer = await fetched(request, pathOf(request));
  if (answer.ok) await assets.put(request.url, answer.clone());
  return answer;
}

/** The page for a place. It names its files from the top, and the browser looks for them from the place. */
async function page(request, path) {
  const kept = await caches.match(INDEX, { cacheName: PAGE });
  if (kept === undefined) return fetch(request);
  const up = "../".repeat(path.split("/").length - 2);
  const text = (await kept.text()).replaceAll('="./', `="./${up}`);
  const headers = new Headers(kept.headers);
  // It stands here as it was before it was compressed.
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(text, { headers });
}

/** Fills in what a text has a place for. */
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** A push message, as a notification. `words`: those of the page (`features/me/pushWords.ts`); without them the facts alone. */
function shown({ kind, pool, matches = [], more = 0, link }, words) {
  const lines = matches.map(({ home, away, title = `${home} – ${away}`, score, closes }) => {
    const match = score === undefined ? title : `${home} ${score.replace("-", "–")} ${away}`;
    if (closes === undefined || words === undefined) return match;
    const time = new Date(closes * 1000).toLocaleTimeString(words.locale, { timeStyle: "short" });
    return filled(words.closes, { match, time });
  });
  if (more > 0 && words !== undefined) lines.push(filled(words.more, { more }));
  const ofLink = kind === "certificate" ? words?.certified : words?.between;
  if (link !== undefined && ofLink !== undefined) lines.push(filled(ofLink, { host: new URL(link).host }));
  const [{ code } = {}, another] = matches;
  const of = another === undefined && code !== undefined ? `/match/${encodeURIComponent(code)}` : "/table";
  return {
    title: words?.[kind] ?? pool ?? "Bolao",
    body: lines.length > 0 ? lines.join("\n") : (link ?? pool ?? ""),
    tag: [kind, ...matches.map((match) => match.code)].join(" "),
    lang: words?.locale ?? "",
    data: { path: BELOW + (["no_tip", "news", "renew"].includes(kind) ? "/" : of) },
    icon: `${BELOW}/icon-192.png`,
  };
}

async function tell(news) {
  const words = await caches.match("/words", { cacheName: "words" });
  const { title, ...options } = shown(news, await words?.json());
  await self.registration.showNotification(title, options);
}

/** What a push message says. A browser that shows nothing of one takes the permission away: so one that says nothing is shown, too. */
function newsOf({ data }) {
  try {
    return { ...data.json() };
  } catch {
    return { kind: "news" };
  }
}

/** Takes another address where the browser has dropped this device's. The node takes it from the page only, which signs it. */
async function renew({ oldSubscription }) {
  const options = oldSubscription?.options;
  if (options !== undefined) await self.registration.pushManager.subscribe(options);
  const open = await clients.matchAll({ type: "window" });
  for (const window of open) window.postMessage("push");
  if (open.length === 0) await tell({ kind: "renew" });
}

/** Goes to a place of the page, in the window that is open if there is one. */
async function go(path) {
  const [open] = await clients.matchAll({ type: "window" });
  if (open === undefined) return clients.openWindow(path);
  await open.focus();
  return open.navigate(path);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
// A new version waits until somebody wants it.
self.addEventListener("message", ({ data }) => {
  if (data === "use") void self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request);
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin || path === undefined) return;
  if (path in SUMS) event.respondWith(asset(request));
  else if (request.mode === "navigate" && !/^\/api\/|\.[a-z]+$/.test(path)) event.respondWith(page(request, path));
});
self.addEventListener("push", (event) => event.waitUntil(tell(newsOf(event))));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go(event.notification.data.path));
});
