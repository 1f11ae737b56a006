// A worker that all tabs share: it holds their one stream, since a browser opens six connections to a computer and no more.

import { listen, type Told, type Wish } from "./stream";

const pages = new Set<MessagePort>();
/** What a page that comes later has missed: the tip with which the stream began or, after any other event, that there were some. */
let missed: Told | undefined;
/** How the stream is. */
let now: Told | undefined;

let wish: ((wish: Wish) => void) | undefined;

function tell(told: Told): void {
  if (told.is !== "event") now = told;
  else if (told.name === "tip") missed = told;
  else if (told.name !== "resumed") missed = { is: "event", name: "lagged", text: "{}" };
  for (const page of pages) page.postMessage(told);
}

addEventListener("connect", (event) => {
  const [page] = (event as MessageEvent).ports;
  if (page === undefined) return;
  pages.add(page);
  page.onmessage = ({ data }: MessageEvent<Wish>) => {
    if (data === "end") pages.delete(page);
    else wish?.(data);
  };
  for (const told of [now, missed]) if (told !== undefined) page.postMessage(told);
  wish ??= listen(tell);
});
