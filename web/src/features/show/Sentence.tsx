import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { teamInSentence } from "../../design/teams";
import type { Shapes } from "../../node/client";
import type { Side } from "../../node/tips";
import type { Saying } from "./saying";

/** What a column believes in, as it stands in a sentence. */
function useSide(match: Shapes["MatchBody"]): (side: Side) => string {
  const { t } = useLingui();
  return (side) => (side === "draw" ? t`a draw` : teamInSentence(match[side]));
}

/** The one sentence about a match's tips. */
export function Sentence({ match, saying }: { match: Shapes["MatchBody"]; saying: Saying }): ReactNode {
  const nameOf = useSide(match);
  const side = "side" in saying ? nameOf(saying.side) : "";
  const name = "other" in saying ? <bdi>{saying.other.name}</bdi> : null;
  const all = "all" in saying ? saying.all : 0;
  switch (saying.is) {
    case "nobody":
      return (
        <Trans>
          Nobody tipped <em>this match.</em>
        </Trans>
      );
    case "hidden":
      return <Trans>Not all tips are revealed yet.</Trans>;
    case "everybody":
      return (
        <Trans>
          Everybody believes in <em>{side}.</em>
        </Trans>
      );
    case "all-tips":
      return (
        <Trans>
          All {all} tips are on <em>{side}.</em>
        </Trans>
      );
    case "all-but":
      return (
        <Trans>
          Everybody but {name} believes in <em>{side}.</em>
        </Trans>
      );
    case "only-you":
      return (
        <Trans>
          Only you believe in <em>{side}.</em>
        </Trans>
      );
    case "you":
      return (
        <Trans>
          You believe in <em>{side}.</em>
        </Trans>
      );
    case "only-you-and":
      return (
        <Trans>
          Only you and {name} believe in <em>{side}.</em>
        </Trans>
      );
    case "only":
      return (
        <Trans>
          Only {name} believes in <em>{side}.</em>
        </Trans>
      );
    case "you-and": {
      const { others } = saying;
      return (
        <Trans>
          You and <Plural value={others} one="one other" other="# others" /> believe in <em>{side}.</em>
        </Trans>
      );
    }
    case "no-one":
      return (
        <Trans>
          Nobody believes in <em>{side}.</em>
        </Trans>
      );
    case "most": {
      const { some } = saying;
      return (
        <Trans>
          {some} of {all} believe in <em>{side}.</em>
        </Trans>
      );
    }
    case "split":
      return (
        <Trans>
          Opinion is <em>split.</em>
        </Trans>
      );
  }
}
