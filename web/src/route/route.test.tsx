import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { back, go, Link, scroll, searchOf } from ".";

const here = () => location.pathname + location.search + location.hash;
const top = () => document.documentElement.scrollTop;

beforeEach(() => history.replaceState({ steps: 0 }, "", "/"));

it("leads to a place, and leaves to the browser what opens another window", () => {
  const taken: boolean[] = [];
  render(
    <div
      onClick={(event) => {
        taken.push(event.defaultPrevented);
        event.preventDefault();
      }}
    >
      <Link to="/player/:name" params={{ name: "50% a/b" }} search={{ round: "1 2" }} hash="x">
        50%
      </Link>
    </div>,
  );
  const link = screen.getByRole("link");
  expect(link.getAttribute("href")).toBe("/player/50%25%20a%2Fb?round=1+2#x");
  for (const key of ["ctrlKey", "metaKey", "shiftKey", "altKey"]) fireEvent.click(link, { [key]: true });
  expect([taken, here()]).toEqual([[false, false, false, false], "/"]);
  fireEvent.click(link);
  expect([taken.at(-1), here()]).toEqual([true, "/player/50%25%20a%2Fb?round=1+2#x"]);
});

it("scrolls to the top of a new place, and to where one was left", async () => {
  document.documentElement.scrollTop = 700;
  go({ to: "/table" });
  const { length } = history;
  scroll();
  expect(top()).toBe(0);
  go({ to: "/table" });
  expect(history.length).toBe(length);
  history.back();
  await waitFor(() => expect(here()).toBe("/"));
  scroll();
  expect(top()).toBe(700);
});

it("goes back within the page only", () => {
  const goBack = vi.spyOn(history, "back").mockReturnValue();
  back({ to: "/table" });
  expect(here()).toBe("/table");
  back({ to: "/live" });
  expect([here(), goBack.mock.calls.length]).toEqual(["/table", 1]);
});

it("reads of an address what the page knows, and nothing that is empty", () => {
  expect(searchOf("?round=&since=5&grid=x%20y&other=1")).toEqual({ since: "5", grid: "x y" });
});
