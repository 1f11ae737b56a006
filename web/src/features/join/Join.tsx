import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";

import { Button, buttonClass } from "../../design/Button";
import { Busy } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { Disc, type Person } from "../../design/people";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { TextField } from "../../design/TextField";
import { useStore } from "../../device/store";
import { AllRules } from "../../identity/entry/AllRules";
import { NameRefusal } from "../../identity/entry/NameRefusal";
import { Restore } from "../../identity/entry/Restore";
import { useLost } from "../../identity/entry/useLost";
import { WrongLink, wrongLink } from "../../identity/entry/WrongLink";
import { Refusal } from "../../identity/sending/Refusal";
import { keepInvitation, keepLink, toRead } from "../../keys/brought";
import { type Player, usePlayerHere } from "../../keys/player";
import { openedOptions } from "../../keys/useOpened";
import { isBusy, whileBusy } from "../../node/client";
import { useNow } from "../../node/clock";
import { genesisOptions } from "../../node/genesis";
import { outside } from "../../node/outside";
import { inviterOptions, useMatches, usePlayers, usePool } from "../../node/queries";
import { Refused } from "../../node/refused";
import { go, Link } from "../../route";
import { load, RulesError } from "../../rules";
import { seconds } from "../../words/time";
import { claimed } from "./agreed";
import { Head } from "./Head";
import { How } from "./How";
import { comingOf, drawKeys, endedTicket, fragment, join } from "./join";
import { keptName } from "./known";
import styles from "./Join.module.css";
import { Missing, NoRules, NotYet } from "./Missing";
import { Rules } from "./Rules";
import { usePeople } from "./usePeople";

/** For whoever plays on this device in another pool. */
const As = lazy(() => import("./As"));

/** The longest name that the form takes; the rules say what a name may be. */
const NAME_LENGTH = 32;

/** Why somebody who plays elsewhere needs another name here. */
const NAMES = ["name-taken", "name-kept"];

/** So long a page is looked at before its link is read, where nobody types a name earlier. */
const LOOKS_MS = 6_000;

/** So high are the figures of the points and two lines below. */
const RULES_PX = 160;

/** Who somebody is about to be: a disc that is made while a name is typed. */
const Face = ({ account, name }: { account: string; name: string }) =>
  name === "" ? <span className={styles.nobody} aria-hidden="true" /> : <Disc person={{ account, name }} size={48} />;

/** Somebody whose name is known. */
const named = (of: { account: string; name?: string | null } | undefined): Person | undefined =>
  of?.name == null ? undefined : { account: of.account, name: of.name };

/** The first page that a friend sees: who invites to what, a name, and in. */
export function Join() {
  const { t } = useLingui();
  const pool = usePool();
  const here = usePlayerHere(pool.id);
  const came = fragment();
  const link = toRead(pool.id, came);
  const [name, setName] = useState("");
  const [restoring, setRestoring] = useState(false);
  // The rules are twice as large as the rest of the page: they come while a name is typed.
  const people = usePeople(pool.id);
  const [typing, setTyping] = useState(people.length > 0);
  // With whose key: undefined until that was chosen, `null` for a new one.
  const [as, setAs] = useState<Player | null>();
  // A link that is good no more is told before a name was thought of.
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLooked(true), LOOKS_MS);
    return () => clearTimeout(timer);
  }, []);
  // Only players may look around: who invites is told for the link.
  const refused = useStore(outside);
  const invitation = useQuery({
    queryKey: ["invitation", pool.id, came],
    enabled: (typing || ((looked || refused) && here === undefined)) && link !== "",
    ...whileBusy,
    queryFn: async () => {
      const read = await (await load()).readInvitation(link);
      keepInvitation(pool.id, came, read);
      return read;
    },
  });
  // What somebody agrees to by joining is read of the genesis that the id names: nothing of it is the node's to say. Until that was
  // looked at, what the node gives as the genesis is shown, and nobody can join.
  const opened = useQuery({ ...openedOptions(pool.id), ...whileBusy, enabled: typing });
  const made = opened.data?.pool;
  const given = useQuery({ ...genesisOptions(), select: claimed }).data;
  const shown = made ?? (opened.error === null ? given : undefined);
  const keys = useQuery({
    queryKey: ["drawn keys", pool.id],
    queryFn: () => drawKeys(pool.id),
    enabled: made !== undefined && here === undefined && name !== "" && as == null,
    retry: false,
  });
  const ticket = invitation.data?.ticket;
  const players = usePlayers();
  const matches = useMatches().data;
  // To the second: at its kick-off a match is the next one no more.
  const now_s = useNow();
  const ended = ticket == null ? undefined : endedTicket(ticket, players.data ?? [], now_s);
  const joining = useMutation({
    ...whileBusy,
    mutationFn: (by?: Player) => join(pool.id, by?.name ?? name.trim(), invitation.data, by ?? as ?? undefined),
    onSuccess: () => go({ to: "/", replace: true }),
    onError: (error, by) => {
      if (by === undefined || !(error instanceof Refused) || !NAMES.includes(error.code)) return;
      setAs(by);
      setName(by.name);
    },
  });

  // Until the tips are shown.
  const joins = joining.isPending || joining.isSuccess;

  const foreign = invitation.data !== undefined && invitation.data.pool !== pool.id;
  const unread = made === undefined || (link !== "" && invitation.data === undefined);
  // Organisers alone invite: before a link is read, there may be one only.
  const inviters = pool.organisers.filter(({ account }) => account === (ticket?.organiser ?? account));
  const kept = invitation.data?.kept;
  const told = useQuery({ ...inviterOptions(kept ?? ""), enabled: refused && kept !== undefined });
  const by = refused ? told.data : inviters.length === 1 ? inviters[0] : undefined;
  const inviter = link !== "" && !invitation.isError ? named(by) : undefined;
  // Who played in the pool before joins this one without a link.
  const invited = (made ?? pool).membership !== "invite" || link !== "";
  const friends = people.flatMap((one) => {
    const kept = keptName(made?.rules, one.account);
    return invited || kept !== undefined ? [{ ...one, name: kept ?? one.name }] : [];
  });
  const offers = friends.length > 0 && as === undefined;
  const asks = people.length > 0 && made === undefined && opened.error === null;
  const needed = !invited && !offers && !joins && !asks;
  const wrong = wrongLink(foreign ? "other-pool" : invitation.error instanceof RulesError ? invitation.error.code : "");
  const waits = [invitation, opened, joining].some(
    ({ isPending, failureReason }) => isPending && isBusy(failureReason),
  );
  const myName = here?.name ?? "";

  const lost = useLost(here);

  const next = refused ? null : matches && comingOf(matches, now_s);
  const head = (inviter?: Person, instead?: ReactNode): ReactNode => (
    <Head
      name={shown?.name}
      claim={opened.error === null ? pool.name : ""}
      inviter={inviter}
      all={refused ? undefined : pool.totals.players}
      next={next}
      first={matches?.every(({ kickoff }) => kickoff == null || seconds(kickoff) > now_s) === true}
      now_s={now_s}
      instead={instead}
    />
  );

  if (here !== undefined && !lost && joining.isIdle) {
    return (
      <section className={styles.join}>
        {head(
          undefined,
          myName === "" ? <Trans>You’re already in.</Trans> : <Trans>You’re already in as {myName}.</Trans>,
        )}
        <Link to="/" className={buttonClass("main", true)}>
          <Trans>Go to my tips</Trans>
        </Link>
        <div className={styles.links}>
          <AllRules pool={pool.id} className={styles.link}>
            <Trans>All rules</Trans>
          </AllRules>
        </div>
      </section>
    );
  }

  return (
    <section className={styles.join}>
      {head(inviter)}
      {wrong !== undefined ? (
        <Notice look="bad">
          <WrongLink as={wrong} />
        </Notice>
      ) : opened.error !== null ? (
        <NoRules error={opened.error} again={() => void opened.refetch()} />
      ) : invitation.isError ? (
        <Missing
          error={invitation.error}
          again={() => void invitation.refetch()}
          broken={<Trans>The part of this page that reads links didn’t load.</Trans>}
        />
      ) : ended !== undefined && !joins ? (
        <Refusal error={new Refused(ended, "")} />
      ) : needed ? (
        <Notice>
          <Trans>You need an invitation to join this pool. Ask the organiser for a link and open it.</Trans>
        </Notice>
      ) : offers ? (
        <Suspense fallback={<Skeleton height={RULES_PX} />}>
          <As
            people={friends}
            joins={joins ? joining.variables : undefined}
            waits={unread}
            error={joining.error}
            join={(by) => joining.mutate(by)}
            leave={() => {
              joining.reset();
              setAs(null);
            }}
          />
          {unread && !waits && <NotYet rules={made === undefined} />}
        </Suspense>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === "") event.currentTarget.querySelector("input")?.focus();
            else joining.mutate(undefined);
          }}
        >
          <TextField
            label={t`What do your friends call you?`}
            beside={<Face account={as?.account ?? keys.data?.account ?? ""} name={name.trim()} />}
            value={name}
            onFocus={() => setTyping(true)}
            onChange={(text) => {
              setTyping(true);
              setName(text);
            }}
            maxLength={NAME_LENGTH}
            autoComplete="nickname"
            enterKeyHint="go"
          />
          <NameRefusal error={joining.error} name={name} />
          {waits && (
            <Notice look="soon">
              <Busy again />
            </Notice>
          )}
          <Button look="main" type="submit" wide isDisabled={joins || (unread && name.trim() !== "")}>
            {joins ? <Trans>One moment</Trans> : <Trans>Join and tip</Trans>}
          </Button>
          {typing && unread && !waits && <NotYet rules={made === undefined} />}
          <How open={typeof next === "object" && next !== null} />
        </form>
      )}
      {shown !== undefined ? <Rules pool={shown} /> : opened.error === null && <Skeleton height={RULES_PX} />}
      <div className={styles.links}>
        <AllRules pool={pool.id} className={styles.link}>
          <Trans>All rules</Trans>
        </AllRules>
        <button type="button" className={styles.link} onClick={() => setRestoring(true)}>
          <Trans>Already playing?</Trans>
        </button>
        {!refused && (
          <Link
            to="/"
            className={styles.link}
            onClick={() => {
              if (link === "") return;
              keepLink(pool.id, came);
              void invitation.refetch();
            }}
          >
            <Trans>Just browse</Trans>
          </Link>
        )}
      </div>
      <Sheet title={<Trans>Already playing?</Trans>} open={restoring} close={() => setRestoring(false)}>
        <Restore done={() => go({ to: "/", replace: true })} />
      </Sheet>
    </section>
  );
}
