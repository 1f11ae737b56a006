// News for this device by push messages, also while the page is shut: the node sends them, the service worker (`sw.js`) shows them.

import { address } from "../device/address";
import { canBeKept } from "../device/app";
import { kept, nameHere } from "../device/kept";
import { store } from "../device/store";
import { node } from "../node/client";
import { signer } from "./signer";

/** The player does not want messages from this page, or the browser does not. */
export class NotAllowed extends Error {}

/** Where the service worker finds how to say what is new, in the language of the page. */
const WORDS = "words";

/** How to say what is new. `{match}`, `{time}`, `{more}`, `{host}` stand for what the node says. */
export interface PushWords {
  locale: string;
  no_tip: string;
  closes: string;
  result: string;
  objection: string;
  lead: string;
  link: string;
  between: string;
  certificate: string;
  certified: string;
  more: string;
  /** Of a message that says nothing. */
  news: string;
  /** The browser has given the page another address, which the page has to sign. */
  renew: string;
}

/** Whether the player has turned messages on, on this device. */
const wished = kept(nameHere("bolao.push.on"));

/** Whether messages that the player has turned on come no more, since the browser does not allow them. */
export const untold = store(false);

/** Whether this browser can show messages of a page that is shut. */
export const canPush = (): boolean => canBeKept() && "PushManager" in window && "Notification" in window;

/** Whether it could once the page is on its home screen: so it is on an iPhone. */
export const couldPushInstalled = (): boolean =>
  canBeKept() &&
  !("PushManager" in window) &&
  /iPhone|iPad|Macintosh/.test(navigator.userAgent) &&
  navigator.maxTouchPoints > 1;

const isWithKey = ({ options }: PushSubscription, key: string): boolean => {
  const own = new Uint8Array(options.applicationServerKey ?? new ArrayBuffer(0));
  const text = btoa(String.fromCharCode(...own));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") === key;
};

/** The service worker of this page: where it has none yet, the browser gives that of the page above it on its host. */
const isOwn = ({ scope }: ServiceWorkerRegistration): boolean => scope === `${address}/`;

async function subscription(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registered = await navigator.serviceWorker.getRegistration();
  return registered !== undefined && isOwn(registered) ? registered.pushManager.getSubscription() : null;
}

/** Whether this device is told, by a node with this key. */
export async function isTold(key: string): Promise<boolean> {
  const there = await subscription();
  return there !== null && Notification.permission === "granted" && isWithKey(there, key);
}

/** Gives this device's address to the node, signed. Throws `StaysLocked` unless it may `ask` for the passphrase. */
async function give(pool: string, account: string, made: PushSubscription, ask: boolean): Promise<void> {
  const { endpoint = "", keys = {} } = made.toJSON();
  const address = { endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" };
  const signature = await (await signer(pool, ask)).subscribe(address);
  const { error } = await node.POST("/api/v1/push", { body: { account, address, signature } });
  if (error !== undefined) throw error;
}

/** A new address for this device. */
async function subscribe(key: string): Promise<PushSubscription> {
  const ready = await navigator.serviceWorker.ready;
  if (!isOwn(ready)) throw new Error("this page has no service worker yet");
  const { pushManager } = ready;
  // Of another key, as of a home that was made anew.
  await (await pushManager.getSubscription())?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/**
 * Mends what the browser or the node has dropped: gives the address again, a new one where the browser has none, and says so where it
 * does not allow one any more. Does nothing on a device that was never told.
 */
export async function tellAgain(pool: string, account: string): Promise<void> {
  if (!canPush()) return;
  const there = await subscription();
  if (there === null && wished.read() === null) return;
  wished.write("1");
  const { data } = await node.GET("/api/v1/push");
  if (data?.key == null) return;
  untold.set(Notification.permission !== "granted");
  if (untold.get()) return;
  await give(pool, account, there !== null && isWithKey(there, data.key) ? there : await subscribe(data.key), false);
}

/** Wants no more messages that the browser does not allow. */
export function stopWishing(): void {
  wished.write(null);
  untold.set(false);
}

/** Has this device told from now on. To be called on a tap: the browser asks the player. */
export async function beTold(pool: string, account: string, key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new NotAllowed("messages are not allowed");
  const made = await subscribe(key);
  try {
    await give(pool, account, made, true);
    wished.write("1");
    untold.set(false);
  } catch (error) {
    await made.unsubscribe();
    throw error;
  }
}

/** Ends it, also where the node is away: what it still sends is refused then. */
export async function stopBeingTold(): Promise<void> {
  stopWishing();
  const there = await subscription();
  if (there === null) return;
  await there.unsubscribe();
  await node.DELETE("/api/v1/push", { body: { endpoint: there.endpoint } }).catch(() => undefined);
}

export async function keepPushWords(words: PushWords): Promise<void> {
  await (await caches.open(WORDS)).put("/words", Response.json(words));
}
