import { i18n } from "@lingui/core";
import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A machine with other work takes longer than the usual second.
configure({ asyncUtilTimeout: 10_000 });
i18n.load("en", {});
i18n.activate("en");
afterEach(cleanup);
