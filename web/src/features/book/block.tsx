import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { rowsOf, useBook } from "../../checking/book";
import { Link, type Props } from "../../route";
import type { BookBlock, MadeBlock } from "../../rules";
import { ActionText } from "../../sentences/ActionText";
import { Button, buttonClass } from "../../design/Button";
import { Card } from "../../design/Card";
import { Details } from "../../design/Details";
import { Head } from "../../design/Head";
import { BackIcon, ChevronIcon } from "../../design/icons";
import { State } from "../../design/State";
import { Unread } from "../../design/Unread";
import type { Shapes } from "../../node/client";
import { Names } from "../../words/Names";
import { exactTime, seconds } from "../../words/time";
import { Beside } from "./Beside";
import styles from "./Book.module.css";
import { NotRead } from "./NotRead";
import { useConfirmed } from "./useConfirmed";

/** So many entries at first, and so many with each tap. */
const SOME = 100;

function Entries({ block: { hash } }: { block: BookBlock }) {
  const [count, setCount] = useState(SOME);
  const entries = useBook(["entries", hash, count], (rules) =>
    rowsOf(rules, `/api/v1/blocks/${hash}/transactions`, count),
  );
  if (entries.isError || entries.data === undefined) return <Unread of={[entries]} rows={3} />;
  const { more } = entries.data;
  const rows = entries.data.rows as Shapes["TransactionBody"][];
  return (
    <>
      {rows.length === 0 && (
        <p className={styles.soft}>
          <Trans>Nothing new: this block only records the time.</Trans>
        </p>
      )}
      {rows.length > 0 && (
        <Card>
          <ol className={styles.entries}>
            {rows.map((entry) => (
              <li key={entry.id}>
                <p>
                  <ActionText by={entry} />
                </p>
                <Details title={<Trans>Signature</Trans>}>
                  <p className={styles.bytes}>{entry.signature}</p>
                  <p className={styles.bytes}>{entry.id}</p>
                </Details>
              </li>
            ))}
          </ol>
        </Card>
      )}
      {more && (
        <Button wide onPress={() => setCount(count + SOME)}>
          <Trans>More</Trans>
        </Button>
      )}
    </>
  );
}

function MadeBy({ made: { miner, signers } }: { made: MadeBlock }) {
  return (
    <p>
      <Trans>
        Made by <Names players={[miner]} />
      </Trans>
      {signers !== null && signers.length > 0 && (
        <>
          {", "}
          <Trans>
            confirmed by <Names players={signers} />
          </Trans>
        </>
      )}
      {"."}
    </p>
  );
}

function Technical({ block, made }: { block: BookBlock; made: MadeBlock | undefined }) {
  return (
    <Details title={<Trans>Technical details</Trans>}>
      <dl className={styles.bytes}>
        <dt>hash</dt>
        <dd>{block.hash}</dd>
        {block.previous !== null && (
          <>
            <dt>previous</dt>
            <dd>{block.previous}</dd>
          </>
        )}
        {made !== undefined && (
          <>
            <dt>merkle_root</dt>
            <dd>{made.merkle_root}</dd>
            <dt>bits · nonce · version</dt>
            <dd>
              {made.bits} · {made.nonce} · {made.version}
            </dd>
          </>
        )}
      </dl>
    </Details>
  );
}

function Found({ block }: { block: BookBlock }) {
  const { height, hash, previous, next } = block;
  const made = useBook(["made", hash], (rules) => (height === 0 ? Promise.resolve(null) : rules.made(block)));
  const is = useConfirmed(height) ? "stamped" : "booked";
  return (
    <div>
      <Head back="/book" aside={<State is={is} />}>
        <Trans>Block {height}</Trans>
      </Head>
      <div className={styles.intro}>
        <p>{exactTime(seconds(block.time))}</p>
        {made.data != null && <MadeBy made={made.data} />}
      </div>
      <section className={styles.part}>
        <h2>
          {height === 0 ? (
            <Trans>The rules, which never change</Trans>
          ) : (
            <Plural value={block.transactions} _0="No entries" one="# entry" other="# entries" />
          )}
        </h2>
        {height > 0 && <Entries block={block} />}
        <Technical block={block} made={made.data ?? undefined} />
      </section>
      <nav className={styles.turn}>
        {previous !== null && (
          <Link to="/book/:block" params={{ block: previous }} className={buttonClass("well")}>
            <BackIcon size={20} />
            <Trans>Previous block</Trans>
          </Link>
        )}
        {next !== null && (
          <Link to="/book/:block" params={{ block: next }} className={buttonClass("well")}>
            <Trans>Next block</Trans>
            <ChevronIcon size={20} />
          </Link>
        )}
      </nav>
    </div>
  );
}

/** A block of the book, as this device has read it; of another branch, as the node says. */
export function Place({ block: wanted }: Props<"/book/:block">) {
  const block = useBook(["block", wanted], (rules) => rules.block(wanted));
  if (!block.isRead) return <NotRead rows={5} height={48} />;
  if (block.isError || block.data === undefined) return <Unread of={[block]} rows={5} />;
  return block.data === null ? <Beside block={wanted} /> : <Found block={block.data} />;
}
