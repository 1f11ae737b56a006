import { Trans } from "@lingui/react/macro";

import { According } from "../../design/According";
import { Empty } from "../../design/Empty";
import { Head } from "../../design/Head";
import { Notice } from "../../design/Notice";
import { Unread } from "../../design/Unread";
import { $node, isProblem } from "../../node/client";
import { Link } from "../../route";
import { exactTime, seconds } from "../../words/time";
import styles from "./Book.module.css";

/** A block that is not in the book as this device has read it: the node may know it of another branch. */
export function Beside({ block: wanted }: { block: string }) {
  const block = $node.useQuery("get", "/api/v1/blocks/{block}", { params: { path: { block: wanted } } });
  if (isProblem(block.error) && (block.error.status === 404 || block.error.status === 400))
    return (
      <Empty title={<Trans>No such block</Trans>}>
        <Link to="/book">
          <Trans>How it is checked</Trans>
        </Link>
      </Empty>
    );
  if (block.data === undefined) return <Unread of={[block]} rows={5} />;
  const { height, hash, time } = block.data;
  return (
    <div>
      <Head back="/book">
        <Trans>A block that was left behind</Trans>
      </Head>
      <div className={styles.intro}>
        <Notice look="soon">
          <Trans>
            This block is not in the pool that this device has checked. Anything that only it contained doesn’t count.
          </Trans>
        </Notice>
        <According>
          <p>
            <Trans>Block {height}</Trans>, {exactTime(seconds(time))}
          </p>
          <p className={styles.bytes}>{hash}</p>
        </According>
      </div>
    </div>
  );
}
