import { Open } from "./Open";
import { Past } from "./Past";
import type { useTips } from "./useTips";

const NOW = ["live"] as const;
const AFTER = ["shut", "waiting", "done"] as const;

interface Props extends Pick<
  ReturnType<typeof useTips>,
  "open" | "past" | "tips" | "drafts" | "lift" | "isTipped" | "propsOf"
> {
  plays: boolean;
}

/** Every match: what is played now, what takes tips, and what no longer does. */
export function Matches({ open, past, tips, drafts, lift, isTipped, propsOf, plays }: Props) {
  const behind = { matches: past, tips, drafts, lift };
  return (
    <>
      <Past {...behind} kinds={NOW} />
      <Open open={open} all={[...open, ...past]} plays={plays} isTipped={isTipped} propsOf={propsOf} />
      <Past {...behind} kinds={AFTER} />
    </>
  );
}
