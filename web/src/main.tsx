import "./design/base.css";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { beginToCheck } from "./checking/check";
import { queries } from "./node/client";
import { beginToListen } from "./node/events";
import { genesisOptions } from "./node/genesis";
import { matchesOptions, poolOptions } from "./node/queries";
import { breath } from "./shell/breath";
import { router } from "./shell/routes";
import { beginTheme } from "./device/theme";
import { beginToSpeak } from "./words/languages";
import { beginToTell } from "./words/time";

/** A node that takes longer to answer does not hold up the first screen. */
const PATIENCE_MS = 500;

const makes = location.pathname.startsWith("/start");

const asks: (() => Promise<unknown>)[] = makes
  ? []
  : [() => queries.query(poolOptions()), () => queries.query(matchesOptions())];
if (location.pathname === "/join") asks.push(() => queries.query(genesisOptions()));

/** What the first screen needs, so that it is drawn once. */
async function gather(): Promise<void> {
  const soon = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const needed = [beginToSpeak()];
  const answers: Promise<unknown>[] = [];
  for (const ask of asks) {
    await breath();
    answers.push(ask().catch(() => undefined));
  }
  await breath();
  needed.push(router.load());
  await breath();
  // While all that is on its way.
  beginToTell();
  await Promise.all([...needed, Promise.race([Promise.all(answers), soon])]);
}

function show(): void {
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  // In pieces, between which a slow phone answers its reader.
  startTransition(() => {
    createRoot(root).render(
      <StrictMode>
        <I18nProvider i18n={i18n}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </I18nProvider>
      </StrictMode>,
    );
  });
}

beginTheme();
// In a task of its own, behind the one that reads this file. No `await` out here: places import what this file holds, and would wait for it as it waits for them.
setTimeout(() => {
  void gather().finally(() => {
    show();
    if (makes) return;
    beginToListen();
    // Whoever is invited has nothing to check yet, and waits for what that would load.
    const begin = (): void => {
      if (router.state.location.pathname !== "/join") beginToCheck();
    };
    begin();
    router.subscribe("onResolved", begin);
  });
});
