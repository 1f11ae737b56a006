import { Plural, Trans } from "@lingui/react/macro";

import { Notice } from "../../design/Notice";
import type { SentTips } from "../../identity/sending/sendTips";
import { useNow } from "../../node/clock";
import { distance, moment, seconds } from "../../words/time";
import type { Tippable } from "../tippable";

/** What came too late, how late, and what is still open. */
export function Late({ late, sent, open }: SentTips & { open: Tippable[] }) {
  const now_s = useNow(1);
  const [next] = open
    .flatMap(({ deadline, name }) => (deadline == null ? [] : [{ names: name, at_s: seconds(deadline) }]))
    .sort((one, other) => one.at_s - other.at_s);
  return (
    <Notice look="bad">
      {late.map(({ on, draft }) => {
        const names = on.name;
        const score = on.says(draft);
        const ago = distance(now_s - seconds(on.deadline ?? ""));
        return (
          <p key={on.no}>
            <Trans>
              {names} closed {ago} ago. Your tip {score} was not sent.
            </Trans>
          </p>
        );
      })}
      {sent.length > 0 && (
        <p>
          <Plural value={sent.length} one="The other one was sent." other="The other # were sent." />
        </p>
      )}
      {next !== undefined && <Next names={next.names} until={moment(next.at_s, now_s)} />}
    </Notice>
  );
}

function Next({ names, until }: { names: string; until: string }) {
  return (
    <p>
      <Trans>
        {names} is open until {until}.
      </Trans>
    </p>
  );
}
