import "./design/base.css";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { beginToCheck } from "./checking/check";
import { shown } from "./checking/state";
import { queries } from "./node/client";
import { beginToListen } from "./node/events";
import { genesisOptions } from "./node/genesis";
import { matchesOptions, poolOptions } from "./node/queries";
import { askForTold } from "./identity/assent/useTold";
import { beginToArrive } from "./keys/moving";
import { playersElsewhere } from "./keys/player";
import { breath } from "./shell/breath";
import { Page } from "./shell/Page";
import { beginToFetch } from "./shell/routes";
import { pathOf } from "./route";
import { pinFiles } from "./device/address";
import { beginToBeKept, canBeKept } from "./device/app";
import { idle } from "./device/idle";
import { beginTheme } from "./device/theme";
import { beginToSpeak } from "./words/languages";
import { beginToTell } from "./words/time";

/** A node that takes longer to answer does not hold up the first screen. */
const PATIENCE_MS = 500;

const opened = pathOf(location);
const makes = opened.startsWith("/start");

const asks: (() => Promise<unknown>)[] = makes
  ? []
  : [() => queries.query(poolOptions()), () => queries.query(matchesOptions())];
if (!makes && playersElsewhere("").length > 0) asks.push(askForTold);
if (opened === "/join") asks.push(() => queries.query(genesisOptions()));

/** Keeps answers for a visit without the node, and brings them in one. Where a number is wrong, nothing is kept. */
async function keepAnswers(): Promise<void> {
  const { beginToKeepAnswers, bringAnswers } = await import("./node/keptAnswers");
  beginToKeepAnswers(() => shown().looks !== "wrong");
  await bringAnswers();
}

/** What the first screen needs, so that it is drawn once. */
async function gather(): Promise<void> {
  const soon = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const needed = [beginToSpeak()];
  const answers: Promise<unknown>[] = [];
  for (const ask of asks) {
    await breath();
    answers.push(ask().catch(() => undefined));
  }
  // What was kept is there as soon as nobody answers.
  const kept = canBeKept() && !makes ? keepAnswers() : undefined;
  await breath();
  needed.push(beginToFetch());
  await breath();
  // While all that is on its way.
  beginToTell();
  await Promise.all([...needed, Promise.race([Promise.all(answers), soon, ...(kept ? [kept] : [])])]);
}

const IDLE_MS = 5_000;

let keepsPage = !canBeKept();

/** Once what is shown stands. */
function keepPage(): void {
  if (keepsPage) return;
  keepsPage = true;
  // A browser that does not want to shows the page all the same.
  void idle(IDLE_MS)
    .then(beginToBeKept)
    .catch(() => undefined);
}

function arrived(path: string): void {
  // Whoever is invited has nothing to check yet, and waits for what that would load.
  if (makes || path === "/join") return;
  beginToCheck();
  keepPage();
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
            <Page arrived={arrived} />
          </QueryClientProvider>
        </I18nProvider>
      </StrictMode>,
    );
  });
}

beginToArrive();
pinFiles();
beginTheme();
// In a task of its own, behind the one that reads this file. No `await` out here: places import what this file holds, and would wait for it as it waits for them.
setTimeout(() => {
  void gather().finally(() => {
    show();
    if (!makes) beginToListen();
  });
});
