import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { questioned } from "../../../identity/assent/kinds";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { keepPlayer } from "../../../keys/player";
import { openedOptions } from "../../../keys/useOpened";
import {
  answersOptions,
  matchesOptions,
  objectionsOptions,
  organisersOptions,
  poolOptions,
  questionsOptions,
  votesOptions,
} from "../../../node/queries";
import type { QuestionBody } from "../../../node/questions";
import { answersOf, NUMBER, questionOf, recordOf, SEMIS, TEAMS } from "../../../test/questions";
import { type Answer, show } from "../../../test/show";
import { Questions } from "./Desk";

const sign = vi.fn<(office: ReportedAdminAction) => Promise<string[]>>();
vi.mock(import("../../../identity/sending/send"), async (original) => ({
  ...(await original()),
  inOffice: () => Promise.resolve(sign),
}));

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };

const MATCHES = TEAMS.map((name, at) => ({
  no: at + 1,
  code: `A${at}`,
  home: { name },
  away: { name: "1A" },
  kickoff: "2090-01-01T12:00:00Z",
  stage: "Final",
}));

const look = (questions: QuestionBody[], votes: object[] = [], more: Answer[] = []) =>
  show(<Questions />, [
    [poolOptions().queryKey, { id: "pool", organisers: [ANA, BRUNO] }],
    [organisersOptions().queryKey, { organisers: [ANA, BRUNO], waiting: [], addresses: [] }],
    [matchesOptions().queryKey, MATCHES],
    [questionsOptions().queryKey, questions],
    [votesOptions().queryKey, votes],
    [openedOptions("pool").queryKey, { pool: { rules: { notice_s: 43_200 } } }],
    ...more,
  ]);

const press = (name: RegExp | string) => fireEvent.click(screen.getByRole("button", { name }));
const signed = async (): Promise<ReportedAdminAction> => {
  const [office] = await vi.waitUntil(() => sign.mock.lastCall, 10_000);
  return office;
};

beforeEach(() => {
  cleanup();
  sign.mockReset().mockResolvedValue(["id"]);
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { ...ANA, keys: "", locked: false, written: true, named: null });
});

it("asks for the champion: template, points, Ask", async () => {
  await look([]);
  press("Champion");
  fireEvent.click(screen.getByRole("radio", { name: "15" }));
  press("Ask");
  const { act, seen } = await signed();
  expect(seen).toEqual([]);
  expect(act).toEqual({
    type: "question",
    question: {
      no: 0x4000,
      code: "champion",
      text: "Who becomes champion?",
      closes: Date.parse("2090-01-01T12:00:00Z") / 1000,
      points: 15,
      slots: 1,
      asks: { kind: "choice", options: ["Brazil", "France", "Portugal", "Spain"], perfect: 0 },
    },
  });
});

it("asks for as many answers as the organiser wants, and says what they give", async () => {
  await look([]);
  press("Semi-finalists");
  expect(screen.getByText("4 answers · 4 points for each right answer · all right: 4 more")).toBeDefined();
  const many = within(screen.getByRole("radiogroup", { name: "How many answers?" }));
  fireEvent.click(many.getByRole("radio", { name: "2" }));
  expect(screen.getByText("2 answers · 4 points for each right answer · all right: 4 more")).toBeDefined();
  expect(many.queryByRole("radio", { name: "6" })).toBeNull();
  press("Ask");
  expect((await signed()).act).toMatchObject({ question: { slots: 2 } });
});

it("says why a question cannot close so soon", async () => {
  await look([]);
  press("Number of goals");
  fireEvent.change(screen.getByLabelText("Answers close, in your time zone"), {
    target: { value: "2026-01-01T12:00" },
  });
  expect(screen.getByText(/Everyone gets at least 12.h to answer/)).toBeDefined();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Ask" }).disabled).toBe(true);
});

it("settles in three taps: row, option, Enter result; and says who gets points before", async () => {
  const question = questionOf({ status: "closed", closes: "2026-01-01T12:00:00Z", answered: 3 });
  await look(
    [question],
    [],
    [[answersOptions("champion").queryKey, [answersOf("Ana", [1]), answersOf("Bruno", [1]), answersOf("Carla", [0])]]],
  );
  press("Enter result");
  press("Portugal");
  expect(screen.getByText("Points for those who said Portugal: 2 players")).toBeDefined();
  fireEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Enter result" }));
  expect(await signed()).toEqual({
    act: { type: "result", match_no: 0x4000, outcome: { status: "answered", right: [1] } },
    seen: [questioned(question)],
  });
});

it("signs several right answers as the rules want them: in order of the list, where no order counts", async () => {
  await look([{ ...SEMIS, status: "closed" }]);
  press("Enter result");
  const dialog = within(screen.getByRole("dialog"));
  fireEvent.click(dialog.getByRole("button", { name: "France" }));
  expect(dialog.getByRole<HTMLButtonElement>("button", { name: "Enter result" }).disabled).toBe(true);
  fireEvent.click(dialog.getByRole("button", { name: "Brazil" }));
  fireEvent.click(dialog.getByRole("button", { name: "Enter result" }));
  expect((await signed()).act).toMatchObject({ outcome: { right: [0, 3] } });
});

it("corrects a number only with a reason, beside what players object", async () => {
  const question = { ...NUMBER, status: "provisional" as const, record: { ...recordOf([170]), objections: 1 } };
  await look(
    [question],
    [],
    [[objectionsOptions(NUMBER).queryKey, [{ version: 0, player: BRUNO, text: "It was 171", height: 1, time: "" }]]],
  );
  expect(screen.getByText("1 objection")).toBeDefined();
  press("Correct");
  expect(screen.getByText(/It was 171/)).toBeDefined();
  fireEvent.change(screen.getByLabelText("The right number"), { target: { value: "171" } });
  const save = screen.getByRole<HTMLButtonElement>("button", { name: "Save the correction" });
  expect(save.disabled).toBe(true);
  fireEvent.change(screen.getByLabelText("Reason or source"), { target: { value: "Typo" } });
  fireEvent.click(save);
  expect((await signed()).act).toMatchObject({ outcome: { status: "answered", right: [171], reason: "Typo" } });
});

it("withdraws an open question with a reason", async () => {
  await look([questionOf({ answered: 2 })]);
  press("Change");
  expect(screen.getByText(/you can only add lines at the end/)).toBeDefined();
  expect(screen.queryByLabelText("Question")).toBeNull();
  fireEvent.change(screen.getByLabelText("Reason or source"), { target: { value: "Asked twice" } });
  press("Withdraw the question");
  expect((await signed()).act).toMatchObject({ outcome: { status: "cancelled", reason: "Asked twice" } });
});

it("shows all that another organiser asks, and signs the same with it", async () => {
  const question = questionOf();
  const vote = {
    id: "1",
    type: "question",
    match: { no: question.no, code: question.code, kind: "question" },
    about: { no: question.no, code: question.code, kind: "question" },
    question: { ...question, status: undefined },
    signers: [BRUNO],
    signatures_needed: 2,
    signable: true,
  };
  await look([], [vote]);
  expect(screen.getByText(/10 points for the right answer · Brazil, Portugal, Spain, France/)).toBeDefined();
  press("Confirm it");
  const { act, seen } = await signed();
  expect(act).toEqual({ type: "question", question: questioned(question) });
  expect(seen).toEqual([{ signed: act, by: BRUNO }]);
});

it("counts what another entered as waiting, and not as missing", async () => {
  const question = questionOf({ status: "closed" });
  const vote = {
    id: "1",
    type: "result",
    match: { no: question.no, code: question.code, kind: "question" },
    about: { no: question.no, code: question.code, kind: "question" },
    outcome: { status: "answered", right: [2] },
    signers: [ANA],
    signatures_needed: 2,
    signable: true,
  };
  await look([question], [vote]);
  expect(screen.getByText("Waiting for other organisers")).toBeDefined();
  expect(screen.getByText("Spain")).toBeDefined();
  expect(screen.queryByText("Awaiting the answer")).toBeNull();
});

it("lets no question be settled that was withdrawn before it closed", async () => {
  const record = { ...recordOf([]), outcome: { status: "cancelled" } };
  await look([questionOf({ status: "provisional", record })]);
  expect(screen.getByText("Withdrawn")).toBeDefined();
  expect(screen.queryByRole("button", { name: "Correct" })).toBeNull();
});
