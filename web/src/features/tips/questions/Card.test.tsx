import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { answerOf } from "../../../identity/answers/answer";
import { draftsOf } from "../../../identity/drafts/drafts";
import { useOwnTips } from "../../../identity/drafts/ownTips";
import { $node } from "../../../node/client";
import {
  answersOptions,
  matchesOptions,
  objectionsOptions,
  playerAnswersOptions,
  poolOptions,
  questionsOptions,
  useQuestions,
  versionsOptions,
  votesOptions,
} from "../../../node/queries";
import type { AnswersBody, QuestionBody } from "../../../node/questions";
import { answersOf, NUMBER, questionOf, recordOf, SEMIS, TEAMS } from "../../../test/questions";
import { type Answer, show } from "../../../test/show";
import { Questions } from "./Card";
import { useAsked } from "./useAsked";

const NONE: QuestionBody[] = [];

function Shown({ account, seals }: { account: string | undefined; seals: Seals }) {
  const { data = NONE } = useQuestions();
  const own = useOwnTips("pool", account, data);
  return <Questions asked={useAsked("pool", data, own)} own={own} seals={seals} plays={account !== undefined} />;
}

type Seals = Parameters<typeof Questions>[0]["seals"];

const look = (
  questions: QuestionBody[],
  own: AnswersBody[] = [],
  more: Answer[] = [],
  account: string | null = "me",
  seals?: Seals,
) =>
  show(<Shown account={account ?? undefined} seals={seals} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [votesOptions().queryKey, []],
    [matchesOptions().queryKey, TEAMS.map((name, no) => ({ no, home: { name }, away: { name: "Chile" } }))],
    [questionsOptions().queryKey, questions],
    [playerAnswersOptions("me").queryKey, own],
    [
      $node.queryOptions("get", "/api/v1/accounts/{account}/nonce", { params: { path: { account: "me" } } }).queryKey,
      { joined: true },
    ],
    ...more,
  ]);

/** Drafts by the numbers of slots. */
const drafted = () =>
  Object.entries(draftsOf("pool").tips).map(([which, draft]) => [(JSON.parse(which) as number[])[0], answerOf(draft)]);

const tap = (name: RegExp | string) => fireEvent.click(screen.getByRole("button", { name }));

beforeEach(async () => {
  cleanup();
  localStorage.clear();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const { dropSent } = await import("../../../identity/drafts/drafts");
  dropSent("pool", draftsOf("pool").tips);
});

it("is not there where nothing is asked", async () => {
  await look([]);
  expect(screen.queryByText("Questions")).toBeNull();
});

it("takes the champion in two taps, as a draft", async () => {
  await look([questionOf()]);
  expect(screen.getByText(/1 open/)).toBeDefined();
  tap("Who becomes champion?: no answer yet; add");
  expect(screen.getByText("10 points for the right answer")).toBeDefined();
  tap("Portugal");
  expect(drafted()).toEqual([[0x4000, 1]]);
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.getByRole("button", { name: /your draft Portugal, not sent/ })).toBeDefined();
});

it("drops a draft that says what stands", async () => {
  await look([questionOf({ answered: 1 })], [answersOf("Me", [2])]);
  tap("Who becomes champion?: your answer Spain; change");
  tap("Portugal");
  expect(drafted()).toEqual([[0x4000, 1]]);
  tap(/your draft Portugal/);
  tap("Spain");
  expect(drafted()).toEqual([]);
});

it("fills one place after the other, clears one, and takes each answer once", async () => {
  await look([SEMIS]);
  tap(/no answer yet/);
  tap("Spain");
  tap("France");
  expect(drafted()).toEqual([
    [0x4020, 2],
    [0x4021, 3],
  ]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Brazil" }).disabled).toBe(true);
  tap("1: Spain; clear");
  expect(drafted()).toEqual([[0x4021, 3]]);
  tap("Brazil");
  expect(drafted()).toContainEqual([0x4020, 0]);
});

it("searches a long list without regard to accents", async () => {
  const options = [...TEAMS, "Curaçao", "Chile", "Peru", "Italy", "Ghana"];
  await look([questionOf({ asks: { kind: "choice", options, perfect: 0 } })]);
  tap(/no answer yet/);
  fireEvent.change(screen.getByLabelText("Search"), { target: { value: "curac" } });
  const dialog = within(screen.getByRole("dialog"));
  expect(dialog.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual(["Curaçao"]);
});

it("takes a number within its bounds", async () => {
  await look([NUMBER]);
  tap(/no answer yet/);
  expect(screen.getByText("10 points for the exact number · ±1: 5 · ±2: 3")).toBeDefined();
  const field = screen.getByLabelText("Your number");
  fireEvent.change(field, { target: { value: "172" } });
  expect(drafted()).toEqual([[0x4010, 172]]);
  tap("One more");
  expect(drafted()).toEqual([[0x4010, 173]]);
  fireEvent.change(field, { target: { value: "401" } });
  expect(drafted()).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Done" }).disabled).toBe(true);
});

it("shows nothing of others before it closes, and nothing to tap to who only looks", async () => {
  await look([questionOf({ answered: 7 })], [], [[answersOptions("champion").queryKey, [answersOf("Ana", [0])]]]);
  tap(/no answer yet/);
  expect(screen.queryByText("Ana")).toBeNull();
  cleanup();
  await look([questionOf()], [], [], null);
  expect(screen.queryAllByRole("button")).toEqual([]);
});

it("shows all answers side by side once it is closed, the right one first, with points", async () => {
  const question = questionOf({
    status: "provisional",
    closes: "2026-01-01T12:00:00Z",
    record: recordOf([1]),
    answered: 3,
  });
  const all = [answersOf("Ana", [0], 0), answersOf("Bruno", [0], 0), answersOf("Me", [1], 10)];
  await look(
    [question],
    [answersOf("Me", [1], 10)],
    [
      [answersOptions("champion").queryKey, all],
      [versionsOptions(question).queryKey, [{ ...recordOf([1]), current: true, time: "2026-01-01T12:00:00Z" }]],
      [objectionsOptions(question).queryKey, []],
    ],
  );
  expect(screen.getByText("+10")).toBeDefined();
  tap("Who becomes champion?: everyone’s answers");
  const dialog = within(screen.getByRole("dialog"));
  expect((await dialog.findByText(/entered by/)).textContent).toBe("Portugal entered by Ana");
  expect(dialog.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Portugal.*Me\+10$/),
    expect.stringMatching(/^Brazil.*Ana and Bruno0$/),
    expect.stringMatching(/^Portugal entered by Ana/),
    expect.stringMatching(/Then it’s final.$/),
  ]);
});

it("says what each got of several answers", async () => {
  const question = { ...SEMIS, status: "final" as const, record: { ...recordOf([1, 2]), provisional: false } };
  await look(
    [question],
    [],
    [
      [answersOptions("semis").queryKey, [answersOf("Ana", [1, 3], 4, SEMIS), answersOf("Bruno", [2, 1], 12, SEMIS)]],
      [versionsOptions(question).queryKey, []],
      [objectionsOptions(question).queryKey, []],
    ],
  );
  tap(/everyone’s answers/);
  expect(screen.getByText("Bruno +12 · Ana +4")).toBeDefined();
});

it.each([
  ["keepers reveal it", { will_open: true }, "Hidden until it closes"],
  ["nobody else does", { will_open: false }, "Hidden: open this page after it closes"],
])("says of a hidden answer when it is revealed, where %s", async (_, more, says) => {
  const seal = { match: { no: 0x4000, code: "champion", kind: "question" }, ...more };
  const openings = { has_keepers: true, keepers: [], seals: [seal] };
  const seals = new Map([[0x4000, { seal, openings, account: "me" }]]) as unknown as Seals;
  await look([questionOf({ answered: 1 })], [answersOf("Me", [2])], [], "me", seals);
  tap(/your answer Spain/);
  expect(screen.getByText(says)).toBeDefined();
});
