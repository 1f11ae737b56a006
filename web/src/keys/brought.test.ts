import { beforeEach, expect, it } from "vitest";

import type { Invitation } from "../rules";
import { forgetInvitation, keepInvitation, toRead } from "./brought";

const invitation = (more: object = {}) =>
  ({
    pool: "pool",
    ticket: { organiser: "ana", uses: 1, expires: 0 },
    named: null,
    text: "whole",
    ...more,
  }) as Invitation;

beforeEach(() => localStorage.clear());

it("reads a link as it is, the first time", () => {
  expect(toRead("pool", "short")).toBe("short");
  expect(toRead("pool", "")).toBe("");
});

it("reads what was kept where the link is the same or gone", () => {
  keepInvitation("pool", "short", invitation());
  expect([toRead("pool", "short"), toRead("pool", "")]).toEqual(["whole", "whole"]);
});

it("reads another link, and that of another pool, as it is", () => {
  keepInvitation("pool", "short", invitation());
  expect([toRead("pool", "other"), toRead("elsewhere", "short")]).toEqual(["other", "short"]);
});

it("keeps no invitation to another pool, and none without a ticket", () => {
  keepInvitation("pool", "short", invitation({ pool: "other" }));
  keepInvitation("pool", "short", invitation({ ticket: null }));
  expect(toRead("pool", "")).toBe("");
});

it("forgets it, and reads nothing that is no invitation", () => {
  keepInvitation("pool", "short", invitation());
  forgetInvitation("pool");
  expect(toRead("pool", "")).toBe("");
  for (const text of ["null", "[]", '{"link":1,"text":{}}', "no JSON"]) {
    localStorage.setItem("bolao.invitation.pool", text);
    expect(toRead("pool", "")).toBe("");
  }
});
