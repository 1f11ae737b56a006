import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { useBook } from "../../checking/book";
import { Button } from "../../design/Button";
import { Card } from "../../design/Card";
import { TickIcon } from "../../design/icons";
import { Unread } from "../../design/Unread";
import { useSoon } from "../../device/soon";
import { useNow } from "../../node/clock";
import { Link } from "../../route";
import type { BookBlock, Rules } from "../../rules";
import { moment, seconds } from "../../words/time";
import styles from "./Book.module.css";
import { NotRead } from "./NotRead";
import { useConfirmed } from "./useConfirmed";

/** So many at first, and so many with each tap. */
const FIRST = 5;
const MORE = 50;
/** So many the rules give at once. */
const MOST = 500;

async function lastBlocks(rules: Rules, count: number): Promise<BookBlock[]> {
  const blocks: BookBlock[] = [];
  for (;;) {
    const wanted = Math.min(count - blocks.length, MOST);
    const next = wanted === 0 ? [] : await rules.blocks(blocks.at(-1)?.height ?? null, wanted);
    if (next.length === 0) return blocks;
    blocks.push(...next);
  }
}

function Row({ block }: { block: BookBlock }) {
  const { t } = useLingui();
  const now_s = useNow(60);
  const confirmed = useConfirmed(block.height);
  return (
    <li>
      <Link to="/book/:block" params={{ block: block.hash }} className={styles.block}>
        <strong className={styles.height}>{block.height}</strong>
        <span>
          {block.height === 0 ? (
            <Trans>the rules</Trans>
          ) : (
            <Plural value={block.transactions} _0="nothing new" one="# entry" other="# entries" />
          )}
        </span>
        <span className={styles.soft}>{moment(seconds(block.time), now_s)}</span>
        <span className={styles.confirmed} role="img" aria-label={confirmed ? t`Confirmed` : t`Not confirmed yet`}>
          {confirmed && <TickIcon size={20} />}
        </span>
      </Link>
    </li>
  );
}

/** The newest blocks, as this device has read them, and earlier ones on a tap. */
export function Blocks() {
  const [count, setCount] = useState(FIRST);
  const blocks = useBook(["blocks", count], (rules) => lastBlocks(rules, count));
  const [before, setBefore] = useState<BookBlock[]>();
  const drawn = useSoon(blocks.data !== undefined);
  // The same stand there while more are read.
  const shown = blocks.data ?? before;
  if (!blocks.isRead) return <NotRead rows={FIRST} height={48} />;
  if (blocks.isError || shown === undefined || !drawn) return <Unread of={[blocks]} rows={1} height={FIRST * 48} />;
  return (
    <>
      <Card>
        <ol>
          {shown.map((block) => (
            <Row key={block.hash} block={block} />
          ))}
        </ol>
      </Card>
      {shown.at(-1)?.previous != null && (
        <Button
          look="quiet"
          onPress={() => {
            setBefore(shown);
            setCount(count + MORE);
          }}
          isDisabled={blocks.data === undefined}
        >
          <Trans>Earlier</Trans>
        </Button>
      )}
    </>
  );
}
