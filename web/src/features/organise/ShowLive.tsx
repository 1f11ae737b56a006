import { Trans } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";

import { Button } from "../../design/Button";
import { Refusal } from "../../identity/sending/Refusal";
import { say } from "../../keys/say";
import { queries } from "../../node/client";
import { liveOptions, usePool } from "../../node/queries";
import { useOwnOffice } from "./me";
import type { Match, ResultDraft } from "./outcome";

/** Shows the score that is typed as the live one: it counts for nothing. */
export function ShowLive({ match, draft }: { match: Match; draft: ResultDraft }) {
  const { id } = usePool();
  const { account } = useOwnOffice();
  const { home, away } = draft.after_90;
  const show = useMutation({
    mutationFn: () => say(id, account, `live ${match.code} ${home}-${away}`),
    onSettled: () => queries.invalidateQueries(liveOptions()),
  });
  if (home == null || away == null) return null;
  return (
    <>
      <Button look="quiet" isDisabled={show.isPending} onPress={() => show.mutate()}>
        <Trans>Show as live</Trans>
      </Button>
      <Refusal error={show.error} />
    </>
  );
}
