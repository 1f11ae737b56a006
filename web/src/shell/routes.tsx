// Every place of the page. What each one is lies in `src/features/NAME/index.tsx`, which exports `Route`.

import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router";

import { Waiting } from "../design/Skeleton";
import * as joinRoom from "../features/join";
import { Broken } from "./Broken";
import { Lost } from "./Lost";
import { lazyRoute } from "./lazyRoute";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: Lost });

const at = <Path extends string>(path: Path) => createRoute({ getParentRoute: () => root, path });

/** What organisers do there. */
const DESKS = ["results", "fixtures", "invitations", "people"] as const;
type Tab = (typeof DESKS)[number];

const organise = createRoute({
  getParentRoute: () => root,
  path: "/organise",
  validateSearch: ({ desk }: Record<string, unknown>): { desk?: Tab } => {
    const known = DESKS.find((it) => it === desk);
    return known === undefined ? {} : { desk: known };
  },
});

const join = at("/join");

const classic = createRoute({
  getParentRoute: () => root,
  path: "/classic",
  /** Whose bets to show. */
  validateSearch: ({ player }: Record<string, unknown>): { player?: string } =>
    typeof player === "string" && player !== "" ? { player } : {},
});

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** What the table shows: a round, from a match on, tip by tip; everything if nothing is said. */
const tableView = (search: Record<string, unknown>): { round?: string; since?: string; grid?: string } => {
  const [round, since, grid] = [text(search.round), text(search.since), text(search.grid)];
  return { ...(round && { round }), ...(since && { since }), ...(grid && { grid }) };
};

const table = createRoute({ getParentRoute: () => root, path: "/table", validateSearch: tableView });

/** The place that the bar calls "Tips" is the first one. */
const tips = createRoute({
  getParentRoute: () => root,
  path: "/tips",
  beforeLoad: () => {
    throw redirect({ to: "/", replace: true });
  },
});

const places = [
  tips,
  at("/").lazy(() => lazyRoute("tips", import("../features/tips"))),
  // With the page itself: a newcomer on a phone waits for nothing more.
  join.lazy(() => lazyRoute("join", Promise.resolve(joinRoom))),
  table.lazy(() => lazyRoute("table", import("../features/table"))),
  at("/live").lazy(() => lazyRoute("live", import("../features/live"))),
  at("/match/$code").lazy(() => lazyRoute("match", import("../features/match"))),
  at("/match/$code/show").lazy(() => lazyRoute("show", import("../features/show"))),
  at("/player/$name").lazy(() => lazyRoute("player", import("../features/player"))),
  at("/book").lazy(() => lazyRoute("book", import("../features/book"))),
  at("/book/$block").lazy(() => lazyRoute("book", import("../features/book/block"))),
  organise.lazy(() => lazyRoute("organise", import("../features/organise"))),
  at("/me").lazy(() => lazyRoute("me", import("../features/me"))),
  at("/move").lazy(() => lazyRoute("move", import("../features/move"))),
  at("/left").lazy(() => lazyRoute("move", import("../features/move/left"))),
  at("/start").lazy(() => lazyRoute("start", import("../features/start"))),
  classic.lazy(() => lazyRoute("classic", import("../features/classic"))),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(places),
  defaultPreload: "intent",
  defaultPendingComponent: Waiting,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
