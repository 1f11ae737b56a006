import { Plural, Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";

import { useProven } from "../../checking/state";
import { Link, type Props } from "../../route";
import { ActionText } from "../../sentences/ActionText";
import { Button, buttonClass } from "../../design/Button";
import { Card } from "../../design/Card";
import { Details } from "../../design/Details";
import { Empty } from "../../design/Empty";
import { Head } from "../../design/Head";
import { BackIcon, ChevronIcon } from "../../design/icons";
import { Notice } from "../../design/Notice";
import { State } from "../../design/State";
import { Unread } from "../../design/Unread";
import { $node, isProblem, node, type Shapes } from "../../node/client";
import { usePlayer, useStatus } from "../../node/queries";
import { Names } from "../../words/Names";
import { exactTime, seconds } from "../../words/time";
import styles from "./Book.module.css";

const LIMIT = 100;

const useEntries = (block: string, enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ["get", "/api/v1/blocks/{block}/transactions", block],
    enabled,
    initialPageParam: "",
    queryFn: async ({ pageParam: cursor, signal }) => {
      const { data, error } = await node.GET("/api/v1/blocks/{block}/transactions", {
        signal,
        params: { path: { block }, query: { limit: LIMIT, ...(cursor !== "" && { cursor }) } },
      });
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

function Writer({ account }: { account: string }) {
  const { data } = usePlayer(account);
  return <Names players={[{ account, name: data?.name ?? account }]} />;
}

function Entries({ block }: { block: Shapes["BlockBody"] }) {
  const entries = useEntries(block.hash, block.main_chain);
  if (entries.isError || entries.data === undefined) return <Unread of={[entries]} rows={3} />;
  const items = entries.data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.length === 0 && (
        <p className={styles.soft}>
          <Trans>Nothing new: this block only records the time.</Trans>
        </p>
      )}
      {items.length > 0 && (
        <Card>
          <ol className={styles.entries}>
            {items.map((entry) => (
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
      {entries.hasNextPage && (
        <Button wide onPress={() => void entries.fetchNextPage()} isDisabled={entries.isFetchingNextPage}>
          <Trans>More</Trans>
        </Button>
      )}
    </>
  );
}

function Found({ block }: { block: Shapes["BlockBody"] }) {
  const status = useStatus().data;
  const said = status?.final?.height;
  const proven = useProven();
  const final = said === undefined ? said : Math.min(said, proven ?? said);
  const { height, stamp } = block;
  const at = stamp?.height;
  const time = exactTime(seconds(block.time));
  const next = String(height + 1);
  return (
    <div>
      <Head
        back="/book"
        aside={<State is={final !== undefined && height <= final && block.main_chain ? "stamped" : "booked"} />}
      >
        <Trans>Block {height}</Trans>
      </Head>
      <div className={styles.intro}>
        <p>{time}</p>
        {block.coinbase != null && (
          <p>
            <Trans>
              Made by <Writer account={block.coinbase.miner} />
            </Trans>
            {stamp != null && stamp.signers.length > 0 && (
              <>
                {", "}
                {stamp.height === height ? (
                  <Trans>
                    confirmed by <Names players={stamp.signers} />
                  </Trans>
                ) : (
                  <Trans>
                    confirmed with block {at} by <Names players={stamp.signers} />
                  </Trans>
                )}
              </>
            )}
            {"."}
          </p>
        )}
        {!block.main_chain && (
          <Notice look="soon">
            <Trans>
              This block is on a branch that was left behind. Anything that only it contained doesn’t count.
            </Trans>
          </Notice>
        )}
      </div>
      <section className={styles.part}>
        <h2>
          {height === 0 ? (
            <Trans>The rules, which never change</Trans>
          ) : (
            <Plural value={block.transactions ?? 0} _0="No entries" one="# entry" other="# entries" />
          )}
        </h2>
        {height > 0 && block.main_chain && <Entries block={block} />}
        <Details title={<Trans>Technical details</Trans>}>
          <dl className={styles.bytes}>
            <dt>hash</dt>
            <dd>{block.hash}</dd>
            <dt>previous</dt>
            <dd>{block.previous}</dd>
            <dt>merkle_root</dt>
            <dd>{block.merkle_root}</dd>
            <dt>bits · nonce · version</dt>
            <dd>
              {block.bits} · {block.nonce} · {block.version}
            </dd>
            <dt>work</dt>
            <dd>{block.work}</dd>
          </dl>
        </Details>
      </section>
      <nav className={styles.turn}>
        {height > 0 && (
          <Link to="/book/:block" params={{ block: block.previous }} className={buttonClass("well")}>
            <BackIcon size={20} />
            <Trans>Previous block</Trans>
          </Link>
        )}
        {status !== undefined && height < status.tip.height && block.main_chain && (
          <Link to="/book/:block" params={{ block: next }} className={buttonClass("well")}>
            <Trans>Next block</Trans>
            <ChevronIcon size={20} />
          </Link>
        )}
      </nav>
    </div>
  );
}

/** A block of the chain. */
export function Place({ block: wanted }: Props<"/book/:block">) {
  const block = $node.useQuery("get", "/api/v1/blocks/{block}", { params: { path: { block: wanted } } });
  if (block.data !== undefined) return <Found block={block.data} />;
  if (isProblem(block.error) && block.error.status === 404)
    return (
      <Empty title={<Trans>No such block</Trans>}>
        <Link to="/book">
          <Trans>How it is checked</Trans>
        </Link>
      </Empty>
    );
  return <Unread of={[block]} rows={5} />;
}
