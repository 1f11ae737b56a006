import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { Choice } from "../../design/Choice";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { Refusal } from "../../identity/sending/Refusal";
import { Sentences } from "../../rulebook/Sentences";
import { make, rehearse, type Begun, type Kept, type Preview, type Rules, type Wish } from "./first";
import { Matches } from "./Matches";
import { Proposals } from "./Proposals";
import styles from "./Start.module.css";

/** Points of an exact score, of a right difference, of the right winner: as people call the schemes. */
const SCHEMES: Record<string, string> = {
  kicktipp: "4 / 3 / 2",
  c321: "3 / 2 / 1",
  wm543: "5 / 4 / 3",
  s52: "5 / 2",
  br10: "10 / 7 / 5 / 2",
};

/** A question with what follows from the answer. */
function Question({ children, follows }: { children: ReactNode; follows: ReactNode }) {
  return (
    <section className={styles.question}>
      {children}
      <p className={styles.soft}>{follows}</p>
    </section>
  );
}

/** A few questions, most with an answer already, then the rules once more, for good. */
export function Make({ begun, done }: { begun: Begun; done: (kept: Kept) => void }) {
  const { t } = useLingui();
  const [name, setName] = useState<string>();
  const [player, setPlayer] = useState("");
  const [matches, setMatches] = useState<Preview>();
  const [rules, setRules] = useState<Rules>(begun.rules);
  const [sources, setSources] = useState(true);
  const competition = matches?.competition;
  const called = name ?? matches?.name ?? "";
  const wish = (): Wish => {
    const { opening_window, ...rest } = rules;
    return {
      name: called.trim(),
      player: player.trim(),
      ...(competition === undefined
        ? { fixtures: { text: matches?.file ?? "" } }
        : { fixtures: { competition: competition.code }, sources }),
      rules: rules.tips === "sealed" && opening_window !== undefined ? { ...rest, opening_window } : rest,
    };
  };
  const trying = useMutation({ mutationFn: () => rehearse(begun, wish()) });
  const making = useMutation({ mutationFn: () => make(begun, wish()), onSuccess: done });
  const ready = called.trim() !== "" && player.trim() !== "" && matches !== undefined;
  return (
    <form
      className={styles.start}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) trying.mutate();
      }}
    >
      <Matches begun={begun} preview={matches} take={setMatches} />
      <div className={styles.pair}>
        <TextField
          label={t`Name of the pool`}
          value={called}
          onChange={setName}
          maxLength={64}
          placeholder={t`Such as Friends’ cup`}
        />
        <TextField label={t`Your name`} value={player} onChange={setPlayer} maxLength={32} autoComplete="nickname" />
      </div>
      {competition !== undefined && <Proposals on={sources} turn={setSources} />}
      <Question
        follows={
          rules.membership === "invite" ? (
            <Trans>Whoever has a link that you made. Links end; you see who came by which.</Trans>
          ) : (
            <Trans>Anybody who reaches this computer, with or without a link.</Trans>
          )
        }
      >
        <Choice
          label={t`Who may join?`}
          value={rules.membership}
          choose={(membership) => setRules({ ...rules, membership })}
          choices={[
            { value: "invite", says: <Trans>My friends</Trans> },
            { value: "open", says: <Trans>Anybody</Trans> },
          ]}
        />
      </Question>
      <Question
        follows={
          rules.tips === "sealed" ? (
            <Trans>
              Tips are shown at kick-off, everybody’s at once. Until two more computers keep the book with it, this
              one’s program could look sooner.
            </Trans>
          ) : (
            <Trans>Everybody sees every tip at once, and can copy it.</Trans>
          )
        }
      >
        <Choice
          label={t`Are tips sealed?`}
          value={rules.tips}
          choose={(tips) => setRules({ ...rules, tips })}
          choices={[
            { value: "sealed", says: <Trans>Yes, sealed</Trans> },
            { value: "open", says: <Trans>No, open</Trans> },
          ]}
        />
      </Question>
      <Question
        follows={
          rules.consensus === "pos" ? (
            <Trans>
              Tips are stamped at once, by this computer. While it is off, tips wait, and late ones do not count.
            </Trans>
          ) : (
            <Trans>
              Any friend’s computer that is on takes tips; they are stamped as soon as this one has seen them too.
            </Trans>
          )
        }
      >
        <Choice
          label={t`Is this computer always on?`}
          value={rules.consensus}
          choose={(consensus) => setRules({ ...rules, consensus })}
          choices={[
            { value: "pos", says: <Trans>Yes</Trans> },
            { value: "hybrid", says: <Trans>No</Trans> },
          ]}
        />
      </Question>
      <label className={styles.field}>
        <span>
          <Trans>Points: exact, difference, winner</Trans>
        </span>
        <select
          className={styles.select}
          value={rules.scheme}
          onChange={(event) => setRules({ ...rules, scheme: event.target.value })}
        >
          {begun.schemes.map((scheme) => (
            <option key={scheme} value={scheme}>
              {scheme === "add"
                ? t`Added up: exact 5, winner 2, difference 1, each team 1`
                : scheme in SCHEMES
                  ? `${SCHEMES[scheme] ?? ""} (${scheme})`
                  : scheme}
            </option>
          ))}
        </select>
      </label>
      <Refusal error={trying.error} />
      <Button type="submit" look="main" wide isDisabled={!ready || trying.isPending}>
        {matches === undefined ? <Trans>First the matches</Trans> : <Trans>See the rules</Trans>}
      </Button>
      <Sheet title={called} open={trying.data !== undefined} close={() => trying.reset()}>
        <p>
          <Trans>These rules are for good: nobody can change them later, and everybody who joins signs them.</Trans>
        </p>
        <ul className={styles.sentences}>{trying.data !== undefined && <Sentences {...trying.data} />}</ul>
        <Refusal error={making.error} />
        <Button look="main" wide isDisabled={making.isPending} onPress={() => making.mutate()}>
          <Trans>Make the pool</Trans>
        </Button>
      </Sheet>
    </form>
  );
}
