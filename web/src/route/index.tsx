// Places of the page, and the ways to them.

import type { ComponentProps } from "react";
import type { StringRouteParams } from "wouter";
import { navigate, useLocationProperty } from "wouter/use-browser-location";

import { inHost, inPage } from "../device/address";

/** Where there is a place; an address has its own text instead of `:code`. */
export type Path =
  | "/"
  | "/book"
  | "/book/:block"
  | "/classic"
  | "/join"
  | "/left"
  | "/live"
  | "/match/:code"
  | "/match/:code/show"
  | "/me"
  | "/move"
  | "/organise"
  | "/player/:name"
  | "/start"
  | "/table";

const KEYS = ["desk", "player", "round", "since", "grid"];

/** What an address says behind `?`. */
export type Search = Partial<Record<"desk" | "player" | "round" | "since" | "grid", string>>;

/** What a place is given of its address. */
export type Props<P extends Path> = StringRouteParams<P> & Search;

interface Loose {
  to: Path;
  params?: object | undefined;
  search?: Search | undefined;
  hash?: string | undefined;
}

type With<P extends Path> = P extends `${string}:${string}` ? { params: StringRouteParams<P> } : { params?: undefined };

/** A place to go to. `replace`: the way back leads past the place that is left. */
type Target = { [P in Path]: Loose & With<P> & { to: P; replace?: boolean | undefined } }[Path];

function hrefOf({ to, params = {}, search, hash = "" }: Loose): string {
  const own = new Map<string, string>(Object.entries(params));
  const path = to.replace(/:(\w+)/, (_, name: string) => encodeURIComponent(own.get(name) ?? ""));
  const query = new URLSearchParams(search).toString();
  return inHost(path) + (query && `?${query}`) + (hash && `#${hash}`);
}

/** What an address says behind `?` of what the page knows. */
export function searchOf(query: string): Search {
  const said = new URLSearchParams(query);
  return Object.fromEntries([...said].filter(([key, text]) => KEYS.includes(key) && text !== ""));
}

/** What the browser keeps of a place in the way back. */
interface Entry {
  /** How many places of this page lie before it. */
  steps?: number;
  /** How far it was scrolled when it was left. */
  scrolled?: { scrollLeft: number; scrollTop: number }[];
}

const entry = (): Entry => (history.state ?? {}) as Entry;

if (history.state === null) history.replaceState({ steps: 0 } satisfies Entry, "");
history.scrollRestoration = "manual";

/** The page, and what else keeps its place in it. */
const scrollers = (): Element[] => [document.documentElement, ...document.querySelectorAll("[data-scrolls]")];

/** Scrolls to the top of a place, or to where it was left. */
export function scroll(): void {
  const { scrolled = [{ scrollTop: 0 }] } = entry();
  scrollers().forEach((it, index) => Object.assign(it, scrolled[index]));
}

const placeHref = ({ pathname, search }: Location | URL): string => inPage(pathname) + search;

/** The path of the place that an address leads to. */
export const pathOf = ({ pathname }: Location | URL | HTMLAnchorElement): string => inPage(pathname);

/** The path of the place. */
export const usePathname = (): string => useLocationProperty(() => pathOf(location));

/** The address of the place, without what stands behind `#`. */
export const usePlaceHref = (): string => useLocationProperty(() => placeHref(location));

/** What stands behind `#`. */
export const useHash = (): string => useLocationProperty(() => location.hash.slice(1));

function goTo(href: string, replaces = false): void {
  const { steps = 0 } = entry();
  const url = new URL(href, location.origin);
  const stays = placeHref(url) === placeHref(location);
  const replace = replaces || url.href === location.href;
  if (!replace) {
    const scrolled = scrollers().map(({ scrollLeft, scrollTop }) => ({ scrollLeft, scrollTop }));
    history.replaceState({ steps, scrolled } satisfies Entry, "");
  }
  navigate(href, { replace, state: { steps: replace ? steps : steps + 1 } satisfies Entry });
  if (stays) scroll();
}

/** Goes to a place. */
export const go = (target: Target): void => goTo(hrefOf(target), target.replace);

/** Goes back to where the reader came from; to `otherwise` where this page does not know. */
export function back(otherwise: Target): void {
  if (entry().steps === 0) go(otherwise);
  else history.back();
}

/** A link to a place. */
export function Link({
  to,
  params,
  search,
  hash,
  replace,
  onClick,
  ...rest
}: Target & Omit<ComponentProps<"a">, "href">) {
  const href = hrefOf({ to, params, search, hash });
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        const browsers = event.button !== 0 || event.metaKey || event.altKey || event.ctrlKey || event.shiftKey;
        if (event.defaultPrevented || browsers) return;
        event.preventDefault();
        goTo(href, replace);
      }}
    />
  );
}
