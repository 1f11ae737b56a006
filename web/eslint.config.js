import js from "@eslint/js";
import lingui from "eslint-plugin-lingui";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "src/node/schema.d.ts", "src/rules/pkg"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // The field has a word for the thing.
      "id-denylist": ["error", "Deed", "Desk", "Office", "Sight", "Thing", "handOver", "standInBook"],
      // A question that the node refuses throws the problem that it answers.
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    extends: [hooks.configs.flat["recommended-latest"], lingui.configs["flat/recommended"]],
  },
  {
    files: ["src/**/*.tsx"],
    ignores: ["**/*.test.tsx"],
    rules: {
      // Every text that a person reads is translated.
      "lingui/no-unlocalized-strings": [
        "error",
        {
          ignore: ["^(?![A-Z])\\S+$", "^[^\\p{L}]*$", "^--", "^[A-Z0-9_-]+$"],
          ignoreNames: [
            { regex: { pattern: "(className|^d$|^viewBox$|^transform$|Key$|^data-|^to$|^href$|^src$|^style$)" } },
          ],
          ignoreFunctions: [
            "Error",
            "RulesError",
            "console.*",
            "*.get",
            "*.post",
            "useQuery",
            "new URL",
            "cx",
            "node",
            "matchMedia",
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.js", "scripts/**"],
    languageOptions: { globals: { process: "readonly", console: "readonly", Request: "readonly", URL: "readonly" } },
  },
);
