import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useProven } from "../../checking/state";
import { Button } from "../../design/Button";
import { Failure } from "../../design/Failure";
import { TickIcon } from "../../design/icons";
import { Skeleton } from "../../design/Skeleton";
import { node, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useStatus } from "../../node/queries";
import { useSoon } from "../../device/soon";
import { moment, seconds } from "../../words/time";
import styles from "./Book.module.css";

const LIMIT = 30;

const useBlocks = () =>
  useInfiniteQuery({
    queryKey: ["get", "/api/v1/blocks"],
    initialPageParam: "",
    queryFn: async ({ pageParam: cursor, signal }) => {
      const { data, error } = await node.GET("/api/v1/blocks", {
        signal,
        params: { query: { limit: LIMIT, ...(cursor !== "" && { cursor }) } },
      });
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

function Page({ block, final }: { block: Shapes["BlockBody"]; final: number | undefined }) {
  const now_s = useNow(60);
  const stamped = final !== undefined && block.height <= final;
  return (
    <Link to="/book/$block" params={{ block: block.hash }} className={styles.block} data-stamped={stamped || undefined}>
      <strong className={styles.height}>{block.height}</strong>
      <span>{moment(seconds(block.time), now_s)}</span>
      <span>
        {block.height === 0 ? (
          <Trans>the rules</Trans>
        ) : (
          <Plural value={block.transactions ?? 0} _0="nothing new" one="# entry" other="# entries" />
        )}
      </span>
      <span className={styles.stamp}>
        {stamped && (
          <>
            <TickIcon size={14} />
            <Trans>Confirmed</Trans>
          </>
        )}
      </span>
    </Link>
  );
}

/** The book's pages, newest first. */
export function Ribbon() {
  const { t } = useLingui();
  const blocks = useBlocks();
  const drawn = useSoon(blocks.data !== undefined);
  const said = useStatus().data?.final?.height;
  const proven = useProven();
  const final = said === undefined ? said : Math.min(said, proven ?? said);
  if (blocks.isError) return <Failure error={blocks.error} again={() => void blocks.refetch()} />;
  if (blocks.data === undefined || !drawn) return <Skeleton rows={1} height={112} />;
  return (
    <div className={styles.ribbon} role="region" aria-label={t`Blocks, newest first`} tabIndex={0}>
      <ol>
        {blocks.data.pages
          .flatMap((page) => page.items)
          .map((block) => (
            <li key={block.hash}>
              <Page block={block} final={final} />
            </li>
          ))}
        {blocks.hasNextPage && (
          <li className={styles.earlier}>
            <Button look="quiet" onPress={() => void blocks.fetchNextPage()} isDisabled={blocks.isFetchingNextPage}>
              <Trans>Earlier</Trans>
            </Button>
          </li>
        )}
      </ol>
    </div>
  );
}
