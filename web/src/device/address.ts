// Where this page lies: at the top of a host, or below any path of it.

// Built files lie in `assets/` beside the page, wherever that is. Vite would take an address that it can read for a file's.
const { url } = import.meta;
const top = import.meta.env.PROD ? new URL("../", url) : new URL("/", self.location.href);

/** The page's address, without a slash at its end: `https://pool.example.org`, or `https://home.example.org/bolao`. */
export const address = top.href.slice(0, -1);

const below = top.pathname.slice(0, -1);

/** The path on the host of a path of the page: of `/table`, `/bolao/table`. */
export const inHost = (path: string): string => below + path;

/** The path of the page of one on the host: of `/bolao/table`, `/table`. */
export function inPage(path: string): string {
  if (path === below) return "/";
  return path.startsWith(`${below}/`) ? path.slice(below.length) : path;
}

/** Names the page's icons and its manifest from the top of the host: from beside the page, browsers would look beside the place that it shows. */
export function pinFiles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>("link:is([rel$=icon], [rel=manifest])"))
    link.setAttribute("href", link.href);
}
