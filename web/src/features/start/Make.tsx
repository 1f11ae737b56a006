import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Disc } from "../../design/people";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { isIncomplete } from "../../extras";
import { TemplateNames } from "../../identity/asking/names";
import { readyMade } from "../../identity/asking/readyMade";
import type { Template } from "../../identity/asking/templates";
import { NameRefusal } from "../../identity/entry/NameRefusal";
import { useNow } from "../../node/clock";
import { Sentences } from "../../rulebook/Sentences";
import { fromTo } from "../../words/time";
import { allBegun, extent } from "./extent";
import { make, rehearse, type Begun, type Kept, type Preview, type Rules, type Wish } from "./first";
import { Oddities, Understood } from "./Found";
import { Options } from "./Options";
import { InShort } from "./InShort";
import styles from "./Start.module.css";
import { Step } from "./Step";
import { Switch } from "./Switch";

/** How much there is to tip, and when. */
function Extent({ of: { matches } }: { of: Preview }) {
  const { first, last } = extent(matches);
  return (
    <>
      <Plural value={matches.length} one="# match" other="# matches" />
      {first !== undefined && last !== undefined && ` · ${fromTo(first, last)}`}
    </>
  );
}

interface SaysProps {
  name: string;
  player: string;
  incomplete: boolean;
  making: boolean;
}

/** What the button says that makes the pool: what is missing, or what it does. */
function Says({ name, player, incomplete, making }: SaysProps) {
  if (making) return <Trans>One moment</Trans>;
  if (name.trim() === "") return <Trans>Name the pool first</Trans>;
  if (player.trim() === "") return <Trans>Enter your name first</Trans>;
  if (incomplete) return <Trans>Check the options first</Trans>;
  return <Trans>Make the pool</Trans>;
}

/** The questions that can be asked of a competition. */
function useReadyMade({ competition, matches }: Preview): Template[] {
  const now_s = useNow(60);
  if (competition === undefined) return [];
  const known = matches.map(({ home, away, kickoff, date, round }) => ({
    home: { name: home },
    away: { name: away },
    kickoff,
    day: date === null ? null : { begins: `${date}T00:00:00Z`, ends: `${date}T23:59:59Z` },
    stage: round,
  }));
  return readyMade(competition.code, known, now_s);
}

interface Props {
  begun: Begun;
  preview: Preview;
  back: () => void;
  done: (kept: Kept) => void;
}

/** The second question: what the pool and its organiser are called. Everything else has an answer, and can have another. */
export function Make({ begun, preview, back, done }: Props) {
  const { t } = useLingui();
  const { competition } = preview;
  const [name, setName] = useState(preview.name);
  const [player, setPlayer] = useState("");
  const [rules, setRules] = useState<Rules>(begun.rules);
  const [sources, setSources] = useState(true);
  const [viewers, setViewers] = useState(begun.viewers);
  const [reads, setReads] = useState(false);
  const [questions, setQuestions] = useState(true);
  const ready = useReadyMade(preview);
  const wish = (): Wish => {
    const { opening_window, ...rest } = rules;
    return {
      name: name.trim(),
      player: player.trim(),
      ...(competition === undefined
        ? { fixtures: { text: preview.file } }
        : { fixtures: { competition: competition.code }, sources }),
      viewers,
      rules: rules.tips === "sealed" && opening_window !== undefined ? { ...rest, opening_window } : rest,
    };
  };
  const trying = useMutation({ mutationFn: () => rehearse(begun, wish()) });
  const making = useMutation({ mutationFn: () => make(begun, wish(), questions ? ready : []), onSuccess: done });
  // A pool of matches that are over is hardly ever meant.
  const [asks, setAsks] = useState(false);
  const incomplete = isIncomplete(rules.features);
  const complete = name.trim() !== "" && player.trim() !== "" && !incomplete;
  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault();
        if (!complete) return;
        if (allBegun(preview)) setAsks(true);
        else making.mutate();
      }}
    >
      <Step step={2} title={competition?.name ?? <Trans>Your pool</Trans>} says={<Extent of={preview} />} back={back} />
      <TextField
        label={t`Name of the pool`}
        value={name}
        onChange={setName}
        maxLength={64}
        placeholder={t`Such as Friends’ cup`}
      />
      <TextField
        label={t`What do your friends call you?`}
        beside={player.trim() !== "" && <Disc person={{ account: "", name: player.trim() }} size={48} />}
        value={player}
        onChange={setPlayer}
        maxLength={32}
        autoComplete="nickname"
      />
      <InShort rules={rules} proposes={competition !== undefined && sources} />
      {ready.length > 0 && (
        <Switch on={questions} turn={setQuestions} follows={<TemplateNames of={ready} />}>
          <Plural value={ready.length} one="Also ask # question" other="Also ask # questions" />
        </Switch>
      )}
      <NameRefusal error={making.error ?? trying.error} name={player} />
      <Button type="submit" look="main" wide isDisabled={!complete || making.isPending}>
        <Says name={name} player={player} incomplete={incomplete} making={making.isPending} />
      </Button>
      <div className={styles.links}>
        <Button
          look="quiet"
          isDisabled={!complete}
          onPress={() => {
            trying.mutate();
            setReads(true);
          }}
        >
          <Trans>All rules</Trans>
        </Button>
      </div>
      <details className={styles.more}>
        <summary className={styles.fold}>
          <Trans>More options</Trans>
        </summary>
        <Options
          rounds={[...new Set(preview.matches.map(({ round }) => round))]}
          schemes={begun.schemes}
          rules={rules}
          change={setRules}
          viewers={viewers}
          show={setViewers}
          proposes={competition === undefined ? undefined : sources}
          propose={setSources}
        />
      </details>
      <details className={styles.more}>
        <summary className={styles.fold}>
          <Trans>Show the matches</Trans>
        </summary>
        <Understood matches={preview.matches} />
      </details>
      <Oddities preview={preview} />
      <Sheet title={<Trans>Nobody can tip these matches</Trans>} open={asks} close={() => setAsks(false)}>
        <p>
          <Plural
            value={preview.matches.length}
            one="The match has already kicked off."
            other="All # matches have already kicked off."
          />
        </p>
        <Button look="main" wide onPress={back}>
          <Trans>Choose other matches</Trans>
        </Button>
        <Button
          look="quiet"
          wide
          onPress={() => {
            setAsks(false);
            making.mutate();
          }}
        >
          <Trans>Make the pool anyway</Trans>
        </Button>
      </Sheet>
      <Sheet title={<Trans>All rules</Trans>} open={reads && trying.data !== undefined} close={() => setReads(false)}>
        <ol className={styles.sentences}>{trying.data !== undefined && <Sentences {...trying.data} />}</ol>
      </Sheet>
    </form>
  );
}
