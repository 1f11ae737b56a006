import { Trans } from "@lingui/react/macro";

import { Notice } from "../../design/Notice";
import { $node } from "../../node/client";
import { useNow } from "../../node/clock";
import { moment, seconds } from "../../words/time";

/** Says in time until when the player must look in, where nobody else opens what is sealed. */
export function Unopened({ account }: { account: string }) {
  const now_s = useNow(60);
  const { data } = $node.useQuery("get", "/api/v1/openings", { params: { query: { account } } });
  const mine = (data?.seals ?? []).filter(({ will_open, ends }) => !will_open && ends != null);
  const ends_s = Math.min(...mine.map(({ ends }) => seconds(ends ?? "")));
  if (mine.length === 0 || ends_s <= now_s) return null;
  const until = moment(ends_s, now_s);
  return (
    <Notice>
      <Trans>
        Your sealed tips are opened by this page: look in once after each kick-off, for the first one until {until}.
        What stays sealed does not count.
      </Trans>
    </Notice>
  );
}
