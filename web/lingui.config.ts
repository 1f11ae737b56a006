import { readdirSync } from "node:fs";

import babel from "@lingui/cli/api/extractors/babel";
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

const features = readdirSync(new URL("src/features", import.meta.url));

/** The templates of the sentences that the program has: of the rules, and of what players do. */
const templates: typeof babel = {
  match: (file) => /\/vectors\/(rules|actions)\.json$/.test(file),
  extract(file, text, found) {
    for (const id of JSON.parse(text) as string[]) found({ id, message: id, origin: [file, 1] });
  },
};

/** The sentences of findings, which the program has by their codes. */
const findings: typeof babel = {
  match: (file) => file.endsWith("/findings.json"),
  extract(file, text, found) {
    const sentences = Object.entries(JSON.parse(text) as Record<string, { says: string }>);
    for (const [id, { says }] of sentences) found({ id, message: says, origin: [file, 1] });
  },
};

/** A catalog for each feature, one for the rules, and one for what all of them share. */
export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "pt", "de"],
  format: formatter({ lineNumbers: false }),
  runtimeConfigModule: { Trans: ["#words/Trans", "Trans"] },
  extractors: [babel, templates, findings],
  catalogs: [
    {
      path: "<rootDir>/src/words/locales/{locale}",
      include: ["<rootDir>/src", "<rootDir>/../crates/rules/rulebook/vectors/actions.json"],
      exclude: ["<rootDir>/src/features/**", "<rootDir>/src/rulebook/**", "<rootDir>/src/rules/pkg/**", "**/*.test.*"],
    },
    {
      path: "<rootDir>/src/rulebook/locales/{locale}",
      include: [
        "<rootDir>/src/rulebook",
        "<rootDir>/../crates/rules/rulebook/vectors/rules.json",
        "<rootDir>/../crates/rules/rulebook/findings.json",
      ],
      exclude: ["**/*.test.*"],
    },
    ...features.map((feature) => ({
      path: `<rootDir>/src/features/${feature}/locales/{locale}`,
      include: [`<rootDir>/src/features/${feature}`],
      exclude: ["**/*.test.*"],
    })),
  ],
});
