import { act, cleanup, screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { keepPlayer } from "../../keys/player";
import { sourcesOptions } from "../../node/live";
import {
  matchesOptions,
  objectionsOptions,
  organisersOptions,
  poolOptions,
  questionsOptions,
  votesOptions,
} from "../../node/queries";
import { NUMBER, questionOf, recordOf, SEMIS } from "../../test/questions";
import { show } from "../../test/show";
import { answer, useObjected } from "./objections";
import { useWaiting } from "./waiting";

const ANA = { account: "ana", name: "Ana" };
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const match = (no: number, minutes: number, record: object | null = null) => ({
  no,
  code: `A${no}`,
  home: { name: "Hawks" },
  away: { name: "Bears" },
  kickoff: ago(minutes),
  status: "closed",
  postponed: false,
  record,
});
const RECORD = {
  version: 1,
  outcome: { status: "played", after_90: { home: 1, away: 0 } },
  objections: 2,
  signers: [ANA],
  since: ago(60),
  provisional: true,
};
const MATCHES = [match(1, 200), match(2, 20), match(3, 300, RECORD)];
const said = (account: string, version: number) => ({ player: { account, name: account }, version, text: "no" });

const Number_ = () => <p>waits: {useWaiting()}</p>;

function Objections() {
  const objections = useObjected("pool", MATCHES as never);
  return (
    <button type="button" onClick={() => objections.forEach((it) => answer("pool", it))}>
      keep
    </button>
  );
}

interface Given {
  ready: number;
  questions: object[];
  votes: object[];
  matches: object[];
}

const open = (
  organisers: object[],
  { ready = 0, questions = [], votes = [], matches = MATCHES }: Partial<Given> = {},
) =>
  show(
    <>
      <Number_ />
      <Objections />
    </>,
    [
      [poolOptions().queryKey, { id: "pool", organisers }],
      [organisersOptions().queryKey, { organisers, waiting: [] }],
      [matchesOptions().queryKey, matches],
      [questionsOptions().queryKey, questions],
      [votesOptions().queryKey, votes],
      [sourcesOptions().queryKey, { on: true, competition: "c", ready, sources: [], waiting: [] }],
      [objectionsOptions({ no: 1, code: "A3" }).queryKey, [said("bruno", 1), said("clara", 0)]],
    ],
  );

beforeEach(() => {
  localStorage.clear();
  keepPlayer("pool", { ...ANA, keys: "", locked: false, written: true, named: null });
});

it("counts matches that are surely over, and what is said against the result that stands, until that is answered", async () => {
  await open([ANA]);
  expect(screen.getByText("waits: 2")).toBeDefined();
  act(() => screen.getByText("keep").click());
  expect(screen.getByText("waits: 1")).toBeDefined();
});

it("counts nothing that a list from the web has: only the node says so", async () => {
  await open([ANA], { ready: 2 });
  act(() => screen.getByText("keep").click());
  expect(screen.getByText("waits: 1")).toBeDefined();
});

it("counts nothing for those who organise nothing", async () => {
  await open([{ account: "bruno", name: "Bruno" }], { ready: 2 });
  expect(screen.getByText("waits: 0")).toBeDefined();
});

it("counts questions that have closed once all is played, but for those whose right answer stands or waits for others", async () => {
  const closed = { status: "closed" as const };
  const questions = [
    questionOf(closed),
    { ...SEMIS, ...closed },
    { ...NUMBER, ...closed, record: recordOf([3]) },
    questionOf({ no: 0x4030, code: "open" }),
  ];
  await open([ANA], { questions });
  act(() => screen.getByText("keep").click());
  expect(screen.getByText("waits: 1")).toBeDefined();
  cleanup();
  const matches = [match(3, 300, RECORD)];
  await open([ANA], { questions, matches });
  expect(screen.getByText("waits: 2")).toBeDefined();
  cleanup();
  const BRUNO = { account: "bruno", name: "Bruno" };
  const entered = {
    id: "1",
    type: "result",
    match: { no: SEMIS.no, code: "semis" },
    about: { no: SEMIS.no, code: "semis" },
    signers: [ANA],
  };
  await open([ANA, BRUNO], {
    questions,
    matches,
    votes: [{ ...entered, outcome: { status: "answered", right: [1, 2] } }],
  });
  expect(screen.getByText("waits: 1")).toBeDefined();
});
