// Every place of the page. What each one is lies in `src/features/NAME/index.tsx`, which exports `Place`.

import type { ComponentType } from "react";

import * as join from "../features/join";
import { go, type Path, pathOf, type Props } from "../route";
import { lazyRoute } from "./lazyRoute";

type Code<P extends Path> = () => Promise<ComponentType<Props<P>>>;

const codes: { [P in Path]: Code<P> } = {
  "/": () => lazyRoute("tips", import("../features/tips")),
  // With the page itself: a newcomer on a phone waits for nothing more.
  "/join": () => lazyRoute("join", Promise.resolve(join)),
  "/table": () => lazyRoute("table", import("../features/table")),
  "/live": () => lazyRoute("live", import("../features/live")),
  "/match/:code": () => lazyRoute("match", import("../features/match")),
  "/match/:code/show": () => lazyRoute("show", import("../features/show")),
  "/player/:name": () => lazyRoute("player", import("../features/player")),
  "/book": () => lazyRoute("book", import("../features/book")),
  "/book/:block": () => lazyRoute("book", import("../features/book/block")),
  "/organise": () => lazyRoute("organise", import("../features/organise")),
  "/me": () => lazyRoute("me", import("../features/me")),
  "/move": () => lazyRoute("move", import("../features/move")),
  "/left": () => lazyRoute("move", import("../features/move/left")),
  "/start": () => lazyRoute("start", import("../features/start")),
  "/classic": () => lazyRoute("classic", import("../features/classic")),
};

type Shown = ComponentType<Record<string, string | undefined>>;

/** A place, whose code is fetched when it is first wanted. */
export interface Place {
  load: () => Promise<Shown>;
  /** Lets code that did not come be fetched again. */
  forget: () => void;
}

const places = Object.entries(codes).map(([path, code]) => {
  let loading: Promise<Shown> | undefined;
  const place: Place = {
    load: () => (loading ??= code() as Promise<Shown>),
    forget: () => (loading = undefined),
  };
  return { pattern: new RegExp(`^${path.replace(/:(\w+)/, "(?<$1>[^/]+)")}/?$`, "i"), place };
});

/** The place at a path, with what the path names; `undefined` where there is none. */
export function placeAt(path: string): { place: Place; params: Record<string, string> } | undefined {
  for (const { pattern, place } of places) {
    const found = pattern.exec(path);
    if (found === null) continue;
    try {
      const params = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
      return { place, params: Object.fromEntries(params) as Record<string, string> };
    } catch {
      return undefined;
    }
  }
  return undefined;
}

async function fetchAhead(path: string): Promise<void> {
  const place = placeAt(path)?.place;
  await place?.load().catch(place.forget);
}

/** Fetches the code of the place where the page is opened, and from then on that of places whose links somebody is about to follow. */
export function beginToFetch(): Promise<void> {
  // The bar calls the first place "Tips".
  if (pathOf(location) === "/tips") go({ to: "/", replace: true });
  const near = ({ target }: Event): void => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link?.origin === location.origin) void fetchAhead(pathOf(link));
  };
  for (const name of ["mouseover", "focusin", "touchstart"]) addEventListener(name, near, { passive: true });
  return fetchAhead(pathOf(location));
}
