import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";

import { useProven } from "../../checking/state";
import { Button } from "../../design/Button";
import { Card } from "../../design/Card";
import { TickIcon } from "../../design/icons";
import { Unread } from "../../design/Unread";
import { node, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useStatus } from "../../node/queries";
import { useSoon } from "../../device/soon";
import { Link } from "../../route";
import { moment, seconds } from "../../words/time";
import styles from "./Book.module.css";

/** So many at first, and so many with each tap. */
const FIRST = 5;
const MORE = 50;

const useBlocks = () =>
  useInfiniteQuery({
    queryKey: ["get", "/api/v1/blocks"],
    initialPageParam: "",
    queryFn: async ({ pageParam: cursor, signal }) => {
      const { data, error } = await node.GET("/api/v1/blocks", {
        signal,
        params: { query: cursor === "" ? { limit: FIRST } : { limit: MORE, cursor } },
      });
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });

function Row({ block, final }: { block: Shapes["BlockBody"]; final: number | undefined }) {
  const { t } = useLingui();
  const now_s = useNow(60);
  const stamped = final !== undefined && block.height <= final;
  return (
    <li>
      <Link to="/book/:block" params={{ block: block.hash }} className={styles.block}>
        <strong className={styles.height}>{block.height}</strong>
        <span>
          {block.height === 0 ? (
            <Trans>the rules</Trans>
          ) : (
            <Plural value={block.transactions ?? 0} _0="nothing new" one="# entry" other="# entries" />
          )}
        </span>
        <span className={styles.soft}>{moment(seconds(block.time), now_s)}</span>
        <span className={styles.confirmed} role="img" aria-label={stamped ? t`Confirmed` : t`Not confirmed yet`}>
          {stamped && <TickIcon size={20} />}
        </span>
      </Link>
    </li>
  );
}

/** The newest blocks, and earlier ones on a tap. */
export function Blocks() {
  const blocks = useBlocks();
  const drawn = useSoon(blocks.data !== undefined);
  const said = useStatus().data?.final?.height;
  const proven = useProven();
  const final = said === undefined ? said : Math.min(said, proven ?? said);
  if (blocks.isError || blocks.data === undefined || !drawn)
    return <Unread of={[blocks]} rows={1} height={FIRST * 48} />;
  return (
    <>
      <Card>
        <ol>
          {blocks.data.pages
            .flatMap((page) => page.items)
            .map((block) => (
              <Row key={block.hash} block={block} final={final} />
            ))}
        </ol>
      </Card>
      {blocks.hasNextPage && (
        <Button look="quiet" onPress={() => void blocks.fetchNextPage()} isDisabled={blocks.isFetchingNextPage}>
          <Trans>Earlier</Trans>
        </Button>
      )}
    </>
  );
}
