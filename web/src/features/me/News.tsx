import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Refusal } from "../../identity/sending/Refusal";
import { beTold, canPush, couldPushInstalled, isTold, keepPushWords, NotAllowed, stopBeingTold } from "../../keys/push";
import { $node } from "../../node/client";
import { pushWords } from "./pushWords";
import { RowSheet } from "./Row";

const useTold = (server: string) => useQuery({ queryKey: ["told", server], queryFn: () => isTold(server), gcTime: 0 });

function Switch({ pool, account, server }: { pool: string; account: string; server: string }) {
  const told = useTold(server);
  const change = useMutation({
    mutationFn: (on: boolean) => (on ? beTold(pool, account, server) : stopBeingTold()),
    onSettled: () => told.refetch(),
  });
  const on = told.data === true;
  return (
    <>
      <p>
        {on ? (
          <Trans>You get a message when a tip is missing, a result is in, someone objects, or you take the lead.</Trans>
        ) : (
          <Trans>
            Get a message when a tip is missing two hours before tips close, a result is in, someone objects, or you
            take the lead, even when this page is closed.
          </Trans>
        )}
      </p>
      <div>
        <Button
          look={on ? "plain" : "main"}
          isDisabled={told.isPending || change.isPending}
          onPress={() => change.mutate(!on)}
        >
          {on ? <Trans>Turn off</Trans> : <Trans>Turn on notifications</Trans>}
        </Button>
      </div>
      {change.error instanceof NotAllowed ? (
        <Notice look="soon">
          <Trans>This browser blocks notifications from this page. Allow them in its settings.</Trans>
        </Notice>
      ) : (
        <Refusal error={change.error} />
      )}
    </>
  );
}

function Told({ server }: { server: string }) {
  const { i18n } = useLingui();
  const on = useTold(server).data === true;
  useEffect(() => {
    if (on) void keepPushWords(pushWords()).catch(() => undefined);
  }, [on, i18n.locale]);
  return on ? <Trans>On</Trans> : <Trans>Off</Trans>;
}

/** Messages of this page on this device, where browser and node have them. */
export function News({ pool, account }: { pool: string; account: string }) {
  const able = canPush();
  const { data } = $node.useQuery("get", "/api/v1/push", {}, { enabled: able || couldPushInstalled() });
  if (data?.key == null) return null;
  return (
    <RowSheet name={<Trans>Notifications</Trans>} says={able && <Told server={data.key} />}>
      {able ? (
        <Switch pool={pool} account={account} server={data.key} />
      ) : (
        <p>
          <Trans>
            To get notifications on an iPhone, add this page to the Home Screen: “Share”, then “Add to Home Screen”.
          </Trans>
        </p>
      )}
    </RowSheet>
  );
}
