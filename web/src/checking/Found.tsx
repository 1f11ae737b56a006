import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Link } from "../route";
import { useStore } from "../device/store";
import { Said } from "../words/Said";
import { moment, seconds } from "../words/time";
import type { Difference } from "./difference";
import styles from "./Mark.module.css";
import { broken, differences } from "./state";

/** What a number is called, by the rules' word for it. */
const WHAT: Record<string, ReactNode> = {
  answer: <Trans>Answer</Trans>,
  points: <Trans>Points</Trans>,
  place: <Trans>Place in the table</Trans>,
  chips: <Trans>Chips</Trans>,
  exact: <Trans>Exact scores</Trans>,
  score: <Trans>Score</Trans>,
  stake: <Trans>Stake</Trans>,
  payout: <Trans>Payout</Trans>,
  kickoff: <Trans>Kick-off</Trans>,
  deadline: <Trans>Tips close</Trans>,
  pot: <Trans>Pot</Trans>,
  status: <Trans>Match status</Trans>,
  name: <Trans>Name</Trans>,
};

/** A value as people read it. */
const read = (value: string): string =>
  /^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(value) ? moment(seconds(value), Date.now() / 1000) : value;

/** As many signs of a sentence are shown: it holds two texts of the node's. */
const SENTENCE = 500;

function One({ found }: { found: Difference }) {
  const [node, own] = [read(found.node), read(found.own)];
  return (
    <div>
      <h3>
        {WHAT[found.what] ?? <span lang="en">{found.what.replaceAll(/[-_]/g, " ")}</span>}
        {found.player !== undefined && (
          <>
            {" · "}
            <Link to="/player/:name" params={{ name: found.player }}>
              <Said says={found.player} />
            </Link>
          </>
        )}
        {found.match !== undefined && (
          <>
            {" · "}
            <Link to="/match/:code" params={{ code: found.match }}>
              <Said says={found.match} />
            </Link>
          </>
        )}
      </h3>
      {found.node + found.own !== "" && (
        <dl>
          <dt>
            <Trans>The pool’s computer claims</Trans>
          </dt>
          <dd>
            <Said says={node} />
          </dd>
          <dt>
            <Trans>This device calculated</Trans>
          </dt>
          <dd>
            <Said says={own} />
          </dd>
        </dl>
      )}
      {node === found.node && own === found.own && (
        <p className={styles.detail} lang="en">
          <Said says={found.sentence} most={SENTENCE} />
        </p>
      )}
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
            <Trans>The pool’s computer sent blocks that break the rules</Trans>
          </h2>
          <p lang="en">
            <Said says={wrongBook} most={SENTENCE} />
          </p>
        </>
      ) : (
        <h2>
          <Trans>The pool’s computer shows a wrong number</Trans>
        </h2>
      )}
      {[...found.entries()].map(([id, difference]) => (
        <One key={id} found={difference} />
      ))}
      <p>
        <Trans>
          Don’t trust the numbers on this page. Show this to your friends, and open the pool from someone else’s
          computer.
        </Trans>
      </p>
    </section>
  );
}
