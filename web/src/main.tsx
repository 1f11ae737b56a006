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
import { matchesOptions, poolOptions } from "./node/queries";
import { breath } from "./shell/breath";
import { router } from "./shell/routes";
import { beginTheme } from "./shell/theme";
import { beginToSpeak } from "./words/languages";
import { beginToTell } from "./words/time";

/** A node that takes longer to answer does not hold up the first screen. */
const PATIENCE_MS = 500;

const makes = location.pathname.startsWith("/start");

/** What the first screen needs, at once, so that it is drawn once. */
async function gather(): Promise<void> {
  const answers = makes ? [] : [queries.query(poolOptions()), queries.query(matchesOptions())];
  const soon = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const words = beginToSpeak();
  await breath();
  await Promise.all([words, router.load(), Promise.race([Promise.allSettled(answers), soon])]);
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
    beginToCheck();
  });
  // While the answers are on their way.
  setTimeout(beginToTell);
});
