import { readdirSync } from "node:fs";

import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const features = readdirSync(new URL("src/features", import.meta.url));

/** A catalog for each feature, and one for what all of them share. */
export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "pt", "de"],
  format: formatter({ lineNumbers: false }),
  catalogs: [
    {
      path: "<rootDir>/src/words/locales/{locale}",
      include: ["<rootDir>/src"],
      exclude: ["<rootDir>/src/features/**", "<rootDir>/src/rules/pkg/**", "**/*.test.*"],
    },
    ...features.map((feature) => ({
      path: `<rootDir>/src/features/${feature}/locales/{locale}`,
      include: [`<rootDir>/src/features/${feature}`],
      exclude: ["**/*.test.*"],
    })),
  ],
});
