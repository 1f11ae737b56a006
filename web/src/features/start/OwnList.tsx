import { Plural, Trans } from "@lingui/react/macro";

import { MatchSource } from "../../design/MatchSource";
import { preview as look, textOf, type Begun, type Preview } from "./first";
import { Oddities, Understood } from "./Found";
import styles from "./Start.module.css";
import { Step } from "./Step";

/** Somebody’s own matches, as they have them. */
export function OwnList({ begun, take, back }: { begun: Begun; take: (preview: Preview) => void; back: () => void }) {
  return (
    <div className={styles.wide}>
      <Step
        step={1}
        title={<Trans>Paste your matches</Trans>}
        says={<Trans>They’re read while you type.</Trans>}
        back={back}
      />
      <MatchSource
        web
        read={(source) => look(begun, source)}
        textOf={(file) => textOf(begun, file)}
        leftOut={({ left_out }) => left_out}
        understood={(preview) => (
          <>
            <h2>
              <Plural value={preview.matches.length} one="# match" other="# matches" />
            </h2>
            <Understood matches={preview.matches} />
            <Oddities preview={preview} mended={preview.left_out} />
          </>
        )}
        take={take}
        go={({ matches }) => <Plural value={matches.length} one="Use this match" other="Use these # matches" />}
      />
    </div>
  );
}
