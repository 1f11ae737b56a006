import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";

import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The node that `npm run dev` and `npm run preview` ask. */
const node = process.env.BOLAO_NODE ?? "http://127.0.0.1:9000";
const paths = ["/api", "/start-api", "/bet/", "/blockchain", "/mine", "/player/"];
/** Browsers that go somewhere get the page, as the node does it. */
const bypass = ({ headers }: IncomingMessage): string | undefined =>
  headers.accept?.includes("text/html") === true ? "/index.html" : undefined;
const proxy = Object.fromEntries(paths.map((path) => [path, { target: node, bypass }]));

/** The policy with which `crates/node/api` serves the page. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
  "font-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Writes the service worker with the files of this build; `index.html` names those with a sum in their names, and so all of them. */
const serviceWorker: Plugin = {
  name: "service-worker",
  apply: "build",
  writeBundle({ dir = "" }) {
    const files = readdirSync(`${dir}/assets`).map((name) => `/assets/${name}`);
    const sumOf = (path: string): string =>
      createHash("sha256")
        .update(readFileSync(dir + path))
        .digest()
        .subarray(0, 15)
        .toString("base64");
    const sums = Object.fromEntries(files.map((path) => [path, sumOf(path)]));
    const source = readFileSync(new URL("src/sw.js", import.meta.url), "utf8");
    const sum = createHash("sha256")
      .update(files.join())
      .update(readFileSync(`${dir}/index.html`))
      .update(source);
    const version = sum.digest("hex").slice(0, 8);
    writeFileSync(
      `${dir}/sw.js`,
      `const VERSION = ${JSON.stringify(version)};\nconst SUMS = ${JSON.stringify(sums)};\n${source}`,
    );
  },
};

export default defineConfig(({ command }) => ({
  // Files name each other from where they are: a host may have the page below any path.
  base: command === "build" ? "./" : "/",
  // A build has hundreds of files (flags, words): it names none, and what is wrong stands out.
  logLevel: command === "build" ? "warn" : "info",
  plugins: [
    react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }),
    lingui({ failOnMissing: process.env.NODE_ENV === "production", failOnCompileError: true }),
    serviceWorker,
  ],
  server: { proxy },
  preview: { proxy, headers: { "content-security-policy": policy } },
  worker: { format: "es" },
  build: {
    target: ["es2022", "chrome109", "firefox115", "safari16"],
    // The policy of the page's content forbids data: in scripts and fonts, and small files are cheap.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // A new version of Bolao leaves it where the browser keeps it.
            {
              name: "react",
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]|rolldown[\\/]runtime/,
              priority: 3,
            },
            { name: "page", tags: ["$initial"], priority: 2 },
            // Pickers and long lists bring much that most places do without.
            { name: "shared", test: /web[\\/]src[\\/](?!features|design[\\/](Choice|Long|Picker))/, minShareCount: 3 },
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    // A machine with other work takes longer than the usual five seconds for those that compare many texts.
    testTimeout: 20_000,
    // By default one core is left free, which is half of two.
    maxWorkers: "100%",
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
}));
