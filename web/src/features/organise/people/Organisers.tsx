import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { Disc } from "../../../design/people";
import { Notice } from "../../../design/Notice";
import { Person } from "../../../design/people/Person";
import { Sheet } from "../../../design/Sheet";
import type { AdminAction } from "../../../identity/assent/kinds";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { Refusal } from "../../../identity/sending/Refusal";
import { person, signatures } from "../../../identity/assent/reported";
import { useOffice } from "../../../identity/sending/useSend";
import { $node, type Shapes } from "../../../node/client";
import { useNow } from "../../../node/clock";
import { Moment } from "../../../words/Moment";
import { seconds } from "../../../words/time";
import { nameOf } from "../me";
import styles from "../Organise.module.css";
import { Vote } from "../Vote";

type Ref = Shapes["PlayerRef"];

/** Makes somebody an organiser, or none, as some have signed. */
function appointing(who: Ref, added: boolean, signers: readonly Ref[] = []): ReportedAdminAction {
  const act: AdminAction = { type: "organiser", account: who.account, added };
  return { act, seen: [person(who), ...signatures(act, signers)] };
}

/** What stands beside an organiser's name. */
function Says({ own, leaves }: { own: boolean; leaves: string | null | undefined }) {
  if (leaves != null)
    return (
      <span className={styles.soon}>
        <Trans>
          leaves <Moment at_s={seconds(leaves)} />, unless anything is signed before
        </Trans>
      </span>
    );
  return own && <Trans>That’s you</Trans>;
}

/** What one signature alone does about an organiser who has lost the words. */
function Leaving({ name, silent }: { name: string; silent: Shapes["SilentBody"] | undefined }) {
  const asked_s = silent === undefined ? Infinity : seconds(silent.asked_from);
  const now_s = useNow(60);
  if (silent === undefined || silent.leaves != null) return null;
  return (
    <p className={styles.soft}>
      {asked_s <= now_s ? (
        <Trans>
          {name} has signed nothing for seven days. So it’s enough that you confirm it: everyone is told, and seven days
          later {name} leaves, unless {name} signs anything before then.
        </Trans>
      ) : (
        <Trans>
          If {name} has lost the words and signs nothing until <Moment at_s={asked_s} />, then it’s enough that you ask{" "}
          {name} to leave.
        </Trans>
      )}
    </p>
  );
}

/** Who organises, who is to, and who is not to any more. */
export function Organisers({
  body,
  players,
  account,
}: {
  body: Shapes["OrganisersBody"];
  players: readonly Shapes["PlayerBody"][];
  account: string;
}) {
  const sending = useOffice();
  const [open, setOpen] = useState<{ who: Ref; added: boolean } | "choose">();
  const rules = $node.useQuery("get", "/api/v1/pool/rules", {}, { staleTime: Infinity }).data?.rules;
  const { organisers, signatures_needed: needed, fewest, waiting } = body;
  const others = players.filter((player) => !organisers.some((it) => it.account === player.account));
  const quiet = (who: Ref) => body.silent?.find(({ organiser }) => organiser.account === who.account);
  const asked = open === undefined || open === "choose" ? undefined : open;
  const name = asked === undefined ? "" : nameOf(asked.who);
  return (
    <>
      {organisers.length === 1 && needed > 0 && (
        <Notice look="soon">
          <p>
            <Trans>
              You’re the only organiser. If you lose your words, no one can enter results: make a friend a second
              organiser.
            </Trans>
          </p>
        </Notice>
      )}
      <Card>
        <ul>
          {organisers.map((who) => (
            <Person
              key={who.account}
              who={who}
              own={who.account === account}
              says={<Says own={who.account === account} leaves={quiet(who)?.leaves} />}
            >
              {needed > 0 && organisers.length > fewest && (
                <Button look="quiet" onPress={() => setOpen({ who, added: false })}>
                  <Trans>Remove</Trans>
                </Button>
              )}
            </Person>
          ))}
        </ul>
      </Card>
      <ul className={styles.rows}>
        {waiting.map(({ player, added, signers }) => {
          const who = nameOf(player);
          return (
            <Vote
              key={player.account + String(added)}
              vote={{ signers, signatures_needed: needed }}
              account={account}
              office={appointing(player, added, signers)}
            >
              <p className={styles.what}>
                {added ? <Trans>Make {who} an organiser</Trans> : <Trans>Remove {who} as an organiser</Trans>}
              </p>
            </Vote>
          );
        })}
      </ul>
      {needed === 0 ? (
        <p className={styles.soft}>
          <Trans>This pool’s rules don’t allow changing its organisers.</Trans>
        </p>
      ) : (
        <Button look="well" onPress={() => setOpen("choose")}>
          <Trans>Add an organiser</Trans>
        </Button>
      )}
      <Sheet
        title={asked === undefined ? <Trans>Who should be an organiser?</Trans> : name}
        open={open !== undefined}
        close={() => setOpen(undefined)}
      >
        {open === "choose" && (
          <ul className={styles.rows}>
            {others.map((player) => (
              <li key={player.account}>
                <Button look="well" wide onPress={() => setOpen({ who: player, added: true })}>
                  <Disc person={player} size={24} />
                  {player.name}
                </Button>
              </li>
            ))}
          </ul>
        )}
        {open === "choose" && others.length === 0 && (
          <p>
            <Trans>No one else is playing yet. Invite friends first.</Trans>
          </p>
        )}
        {asked !== undefined && (
          <div className={styles.form}>
            <p>
              {asked.added ? (
                <Trans>{name} will be able to enter results, move matches and invite friends, just like you.</Trans>
              ) : (
                <Trans>
                  {name} will no longer be an organiser, and links {name} made will stop working.
                </Trans>
              )}
            </p>
            {needed > 1 && (
              <p className={styles.soft}>
                <Plural value={needed} one="# organiser must confirm it." other="# organisers must confirm it." />
              </p>
            )}
            {needed > 1 && !asked.added && <Leaving name={name} silent={quiet(asked.who)} />}
            {asked.added && organisers.length === 1 && rules?.results_quorum === "two-once-two" && (
              <p className={styles.soft}>
                <Trans>
                  From then on each result needs both of you: what one of you enters, the other confirms. Nor can either
                  of you remove the other, unless the other signs nothing for two weeks.
                </Trans>
              </p>
            )}
            <Refusal error={sending.error} />
            <Button
              look={asked.added ? "main" : "danger"}
              wide
              isDisabled={sending.isPending}
              onPress={() =>
                sending.mutate(appointing(asked.who, asked.added), { onSuccess: () => setOpen(undefined) })
              }
            >
              {asked.added ? <Trans>Make organiser</Trans> : <Trans>Remove</Trans>}
            </Button>
          </div>
        )}
      </Sheet>
    </>
  );
}
