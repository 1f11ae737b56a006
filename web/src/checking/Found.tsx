import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import type { Difference } from "../rules";
import { useStore } from "../shell/store";
import { broken, differences } from "./check";
import styles from "./Mark.module.css";

/** What a number is called, by the rules' word for it. */
const WHAT: Record<string, ReactNode> = {
  points: <Trans>Points</Trans>,
  place: <Trans>Place in the table</Trans>,
  chips: <Trans>Chips</Trans>,
  exact: <Trans>Exact tips</Trans>,
  score: <Trans>Score</Trans>,
  stake: <Trans>Stake</Trans>,
  payout: <Trans>Payout</Trans>,
  pot: <Trans>Pot</Trans>,
  status: <Trans>State of the match</Trans>,
  name: <Trans>Name</Trans>,
};

function One({ found }: { found: Difference }) {
  return (
    <div>
      <h3>
        {WHAT[found.what] ?? <span lang="en">{found.what.replaceAll(/[-_]/g, " ")}</span>}
        {found.player !== undefined && (
          <>
            {" · "}
            <Link to="/player/$name" params={{ name: found.player }}>
              {found.player}
            </Link>
          </>
        )}
        {found.match !== undefined && (
          <>
            {" · "}
            <Link to="/match/$code" params={{ code: found.match }}>
              {found.match}
            </Link>
          </>
        )}
      </h3>
      <dl>
        <dt>
          <Trans>The pool’s computer says</Trans>
        </dt>
        <dd>{found.node}</dd>
        <dt>
          <Trans>The book says, by the rules</Trans>
        </dt>
        <dd>{found.own}</dd>
      </dl>
      <p className={styles.detail} lang="en">
        {found.sentence}
      </p>
    </div>
  );
}

/** What is wrong, loud; nothing where nothing is. */
export function Found() {
  const found = useStore(differences);
  const wrongBook = useStore(broken);
  if (found.size === 0 && wrongBook === undefined) return null;
  return (
    <section className={styles.alarm} role="alert">
      {wrongBook !== undefined ? (
        <>
          <h2>
            <Trans>The book that this computer gives breaks the rules</Trans>
          </h2>
          <p lang="en">{wrongBook}</p>
        </>
      ) : (
        <h2>
          <Trans>What this computer says is not what the book says</Trans>
        </h2>
      )}
      {[...found.entries()].map(([id, difference]) => (
        <One key={id} found={difference} />
      ))}
      <p>
        <Trans>
          Do not trust this page’s numbers. Show this to the others, and open the pool from somebody else’s computer.
        </Trans>
      </p>
    </section>
  );
}

/** The same above every place. */
export function Alarm() {
  const found = useStore(differences);
  const wrongBook = useStore(broken);
  if (found.size === 0 && wrongBook === undefined) return null;
  return (
    <div className={styles.aloud}>
      <Found />
    </div>
  );
}
