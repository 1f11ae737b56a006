import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { TextField } from "../../design/TextField";
import { signer } from "../../keys/signer";
import { keepPerson, type Player } from "../../keys/player";
import { Refusal } from "../../identity/sending/Refusal";
import { go, useHash } from "../../route";
import styles from "./Me.module.css";
import { drawn, isWord, places } from "./quiz";
import { Row } from "./Row";

function Quiz({ words, back, done }: { words: string[]; back: () => void; done: () => void }) {
  const { t } = useLingui();
  const [asked] = useState(() => places(words.length, drawn));
  const [typed, setTyped] = useState<string[]>(asked.map(() => ""));
  const [tried, setTried] = useState(false);
  const right = asked.map((place, at) => isWord(typed[at] ?? "", words[place] ?? ""));
  return (
    <form
      className={styles.section}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (right.every(Boolean)) done();
      }}
    >
      <p>
        <Trans>Type three of them to make sure you wrote them down correctly.</Trans>
      </p>
      {asked.map((place, at) => {
        const number = place + 1;
        return (
          <TextField
            key={place}
            label={t`Word ${number}`}
            value={typed[at] ?? ""}
            error={tried && !right[at] && t`This is not word ${number}.`}
            autoComplete="off"
            autoCorrect="off"
            spellCheck="false"
            onChange={(text) => {
              setTyped(typed.map((before, other) => (other === at ? text : before)));
              setTried(false);
            }}
          />
        );
      })}
      <Button look="main" type="submit" wide>
        <Trans>Check</Trans>
      </Button>
      <Button look="quiet" onPress={back}>
        <Trans>Show the words again</Trans>
      </Button>
    </form>
  );
}

function Show({ words, next }: { words: string[]; next: () => void }) {
  return (
    <div className={styles.section}>
      <p>
        <Trans>
          If you lose this device, they bring back your name, tips and points. Write them on paper, in this order.
          Anyone who has them can play as you, so no photo and no cloud.
        </Trans>
      </p>
      <ol className={styles.words} translate="no">
        {words.map((word, at) => (
          <li key={at}>{word}</li>
        ))}
      </ol>
      <Button look="main" wide onPress={next}>
        <Trans>I have written them down</Trans>
      </Button>
    </div>
  );
}

/** The words that bring the player back: written down, then three of them typed. */
export function Words({ pool, player }: { pool: string; player: Player }) {
  const [step, setStep] = useState<"shut" | "show" | "quiz">("shut");
  const reading = useMutation({
    mutationFn: async () => (await signer(pool)).words(),
    onSuccess: () => setStep("show"),
  });
  const asked = useHash() === "words";
  const show = useEffectEvent(() => {
    if (!player.written) reading.mutate();
    go({ to: "/me", replace: true });
  });
  // Whoever comes by "Write them down" has said so once already.
  useEffect(() => {
    if (asked) show();
  }, [asked]);
  const shut = (): void => {
    setStep("shut");
    reading.reset();
  };
  return (
    <>
      <Row
        name={<Trans>Your 24 words</Trans>}
        says={
          player.written ? (
            <Trans>Written down</Trans>
          ) : (
            <span className={styles.hot}>
              <Trans>Not written down yet</Trans>
            </span>
          )
        }
        press={() => reading.mutate()}
      />
      <Sheet title={<Trans>Your 24 words</Trans>} open={step !== "shut" || reading.error !== null} close={shut}>
        <Refusal error={reading.error} />
        {step === "show" && (
          <Show words={reading.data ?? []} next={() => (player.written ? shut() : setStep("quiz"))} />
        )}
        {step === "quiz" && (
          <Quiz
            words={reading.data ?? []}
            back={() => setStep("show")}
            done={() => {
              keepPerson(pool, { ...player, written: true });
              shut();
            }}
          />
        )}
      </Sheet>
    </>
  );
}
