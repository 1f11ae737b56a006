import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { act, fireEvent, render, screen } from "@testing-library/react";
import { createElement, Suspense, use } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { TurnedAway } from "../node/client";
import { useNear } from "../node/events";
import { Unbroken } from "./Broken";
import { lazyRoute } from "./lazyRoute";

vi.mock(import("../node/events"), async (original) => ({ ...(await original()), useNear: vi.fn<typeof useNear>() }));
vi.mock(import("../words/languages"), async (original) => ({
  ...(await original()),
  wordsOf: () => Promise.resolve(),
}));

const Table = () => <p>the table</p>;
const code = vi.fn<() => Promise<{ Place: typeof Table }>>();
const fails = (): Promise<never> => Promise.reject(new TypeError("Failed to fetch dynamically imported module"));

async function open(load = () => lazyRoute("table", code())): Promise<void> {
  let loading: Promise<typeof Table> | undefined;
  const Loaded = () => createElement(use((loading ??= load())));
  const piece = (
    <I18nProvider i18n={i18n}>
      <Suspense>
        <Unbroken href="/" forget={() => (loading = undefined)}>
          <Loaded />
        </Unbroken>
      </Suspense>
    </I18nProvider>
  );
  await act(() => Promise.resolve(render(piece)));
}

const reload = vi.fn();

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue();
  vi.stubGlobal("location", { origin: "http://localhost", reload });
  sessionStorage.clear();
  code.mockReset().mockImplementation(fails);
  reload.mockReset();
});

it("asks again for what did not load, on a tap", async () => {
  vi.mocked(useNear).mockReturnValue(false);
  vi.stubGlobal("fetch", fails);
  await open();
  const again = await screen.findByText("Try again");
  code.mockResolvedValue({ Place: Table });
  fireEvent.click(again);
  expect(await screen.findByText("the table")).toBeDefined();
  expect(reload).not.toHaveBeenCalled();
});

it("asks a busy node again by itself, and not for ever", async () => {
  vi.mocked(useNear).mockReturnValue(true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], shouldAdvanceTime: true });
  const asked = vi.fn<() => Promise<never>>(() => Promise.reject(new TurnedAway("503")));
  await open(asked);
  expect(await screen.findByText(/Trying again automatically/)).toBeDefined();
  for (let minutes = 0; minutes < 30; minutes += 1) await act(() => vi.advanceTimersByTimeAsync(60_000));
  vi.useRealTimers();
  expect(await screen.findByText(/Try again in a minute/)).toBeDefined();
  expect(asked.mock.calls.length).toBeGreaterThan(4);
  expect(asked.mock.calls.length).toBeLessThan(12);
});

it("loads the page anew where the node has another version of it, and only once", async () => {
  vi.mocked(useNear).mockReturnValue(true);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("the page")));
  await open();
  await screen.findByText("Try again");
  await act(() => new Promise((resolve) => setTimeout(resolve, 200)));
  expect(reload).toHaveBeenCalledTimes(1);
  expect(code.mock.calls.length).toBeLessThan(3);
});
