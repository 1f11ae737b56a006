import { useNow } from "../../node/clock";
import { newsOf } from "./groups";
import { Open } from "./Open";
import { Past } from "./Past";
import { useNews } from "./useNews";
import type { useTips } from "./useTips";

const NOW = ["live", "news"] as const;
const AFTER = ["shut", "waiting", "done"] as const;

interface Props extends Pick<
  ReturnType<typeof useTips>,
  "open" | "past" | "tips" | "drafts" | "lift" | "isTipped" | "propsOf"
> {
  pool: { id: string };
  plays: boolean;
}

/** Every match: what is played now and what has just finished, what takes tips, and what no longer does. */
export function Matches({ pool, open, past, tips, drafts, lift, isTipped, propsOf, plays }: Props) {
  const now_s = useNow(600);
  const news = newsOf(past, useNews(pool.id, past), now_s);
  const behind = { pool: pool.id, matches: past, tips, drafts, lift, news };
  return (
    <>
      <Past {...behind} kinds={NOW} />
      <Open open={open} all={[...open, ...past]} plays={plays} isTipped={isTipped} propsOf={propsOf} />
      <Past {...behind} kinds={AFTER} />
    </>
  );
}
