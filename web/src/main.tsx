import "./design/base.css";

import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { beginToCheck } from "./checking/check";
import { queries } from "./node/client";
import { beginToListen } from "./node/events";
import { router } from "./shell/routes";
import { beginTheme } from "./shell/theme";
import { beginToSpeak } from "./words/languages";

beginTheme();
await beginToSpeak();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
if (!location.pathname.startsWith("/start")) {
  beginToListen();
  beginToCheck();
}
