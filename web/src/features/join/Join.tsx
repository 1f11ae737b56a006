import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";

import { Button, buttonClass } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Busy } from "../../design/Failure";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { teamName } from "../../design/teams";
import { TextField } from "../../design/TextField";
import { AllRules } from "../../identity/entry/AllRules";
import { keepInvitation, keepLink, toRead } from "../../keys/brought";
import { useLost } from "../../identity/entry/useLost";
import { usePlayerHere } from "../../keys/player";
import { Refusal } from "../../identity/sending/Refusal";
import { Restore } from "../../identity/entry/Restore";
import { Refused } from "../../node/refused";
import { openedOptions } from "../../keys/useOpened";
import { WrongLink, wrongLink } from "../../identity/entry/WrongLink";
import { useNow } from "../../node/clock";
import { genesisOptions } from "../../node/genesis";
import { useMatches, usePlayers, usePool } from "../../node/queries";
import { isBusy, whileBusy } from "../../node/client";
import { isLocal } from "../../node/reach";
import { load, RulesError } from "../../rules";
import { distance, moment, seconds } from "../../words/time";
import { claimed } from "./agreed";
import { comingOf, endedTicket, fragment, join } from "./join";
import styles from "./Join.module.css";
import { Rules } from "./Rules";

/** The longest name that the form takes; the rules say what a name may be. */
const NAME_LENGTH = 32;

/** So high are three lines of rules and what opens all of them. */
const RULES_PX = 120;

/** What is said where no match has a kick-off to come. */
function Instead({ of }: { of: Extract<ReturnType<typeof comingOf>, string> }) {
  switch (of) {
    case "none-yet":
      return <Trans>No matches yet</Trans>;
    case "no-date":
      return <Trans>The next match has no kick-off yet</Trans>;
    case "under-way":
      return <Trans>The last match has kicked off</Trans>;
    case "over":
      return <Trans>All matches are over</Trans>;
  }
}

function NextMatch() {
  const { data: matches } = useMatches();
  // To the second: at its kick-off a match is the next one no more.
  const now_s = useNow();
  const next = matches === undefined ? undefined : comingOf(matches, now_s);
  if (next === undefined || typeof next === "string") {
    return <p className={styles.next}>{next === undefined ? <>&nbsp;</> : <Instead of={next} />}</p>;
  }
  const at_s = seconds(next.kickoff ?? "");
  const home = teamName(next.home);
  const away = teamName(next.away);
  const when = moment(at_s, now_s);
  const left = distance(at_s - now_s);
  return (
    <p className={styles.next}>
      <Trans>
        Next:{" "}
        <strong>
          {home} – {away}
        </strong>
        , {when}, in {left}
      </Trans>
    </p>
  );
}

function How() {
  const [open, setOpen] = useState(false);
  return (
    <div className={styles.small}>
      <Trans>No account, no e-mail: a key is made on this device.</Trans>{" "}
      <button type="button" className={styles.how} onClick={() => setOpen(true)}>
        <Trans>How?</Trans>
      </button>
      <Sheet title={<Trans>A key instead of an account</Trans>} open={open} close={() => setOpen(false)}>
        <p>
          <Trans>
            Your browser draws a long random number and keeps it. With it, it signs your tips: nobody else can make or
            change them, not even whoever runs this page’s computer.
          </Trans>
        </p>
        <p>
          <Trans>
            The number can be written down as 24 words. They bring you back on another device; there is no other way, so
            write them down some time under “More”.
          </Trans>
        </p>
        {!isLocal(location.origin) && (
          <p>
            <Trans>
              This page comes from a friend’s computer. To rely on nobody, run your own: Bolao’s README says how.
            </Trans>
          </p>
        )}
      </Sheet>
    </div>
  );
}

/** Something that joining needs is not there, and a way to try again; `broken` says what it is where the node answers. */
function Missing({ error, again, broken }: { error: Error; again: () => void; broken: ReactNode }) {
  return (
    <Notice look="bad">
      <p>
        {isBusy(error) ? (
          <Busy />
        ) : error instanceof TypeError || (error instanceof RulesError && error.code === "away") ? (
          <Trans>This pool’s computer does not answer. It may be off, or this device is not in its network.</Trans>
        ) : (
          broken
        )}
      </p>
      <Button onPress={again}>
        <Trans>Try again</Trans>
      </Button>
    </Notice>
  );
}
/** Not those that the pool's id names. */
const OTHER_RULES = ["other-pool", "bad-genesis"];

function NoRules({ error, again }: { error: Error; again: () => void }) {
  const others = error instanceof RulesError && OTHER_RULES.includes(error.code);
  const broken = others ? (
    <Trans>
      This computer gives other rules than those that the pool was made with, so you cannot join here. Tell whoever sent
      you the link.
    </Trans>
  ) : (
    <Trans>The part of this page that reads the rules did not load.</Trans>
  );
  return <Missing error={error} again={again} broken={broken} />;
}

/** Nobody who types a name is told before of what is usually over by then. */
const PATIENCE_MS = 4_000;

/** Why nobody can join yet, where that takes long. */
function NotYet({ rules }: { rules: boolean }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <p role="status" className={styles.small}>
      {rules ? (
        <Trans>This device has not checked yet that these are the pool’s rules. You can join once it has.</Trans>
      ) : (
        <Trans>This device has not read the link yet. You can join once it has.</Trans>
      )}
    </p>
  );
}

/** The first page that a friend sees: who invites to what, a name, and in. */
export function Join() {
  const { t } = useLingui();
  const pool = usePool();
  const here = usePlayerHere(pool.id);
  const navigate = useNavigate();
  const came = fragment();
  const link = toRead(pool.id, came);
  const [name, setName] = useState("");
  const [restoring, setRestoring] = useState(false);
  // The rules are twice as large as the rest of the page: they come while a name is typed.
  const [typing, setTyping] = useState(false);
  const invitation = useQuery({
    queryKey: ["invitation", pool.id, came],
    enabled: typing && link !== "",
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
  const ticket = invitation.data?.ticket;
  const players = usePlayers(ticket != null);
  const now_s = useNow();
  const ended = ticket == null ? undefined : endedTicket(ticket, players.data ?? [], now_s);
  const joining = useMutation({
    ...whileBusy,
    mutationFn: () => join(pool.id, name.trim(), invitation.data),
    onSuccess: () => navigate({ to: "/", replace: true }),
  });

  const foreign = invitation.data !== undefined && invitation.data.pool !== pool.id;
  const unread = made === undefined || (link !== "" && invitation.data === undefined);
  // Organisers alone invite: before a link is read, there may be one only.
  const inviters = pool.organisers.filter(({ account }) => account === (ticket?.organiser ?? account));
  const inviter = link !== "" && !invitation.isError && inviters.length === 1 ? inviters[0]?.name : undefined;
  const needed = (made ?? pool).membership === "invite" && link === "";
  const wrong = wrongLink(foreign ? "other-pool" : invitation.error instanceof RulesError ? invitation.error.code : "");
  const waits = [invitation, opened, joining].some(
    ({ isPending, failureReason }) => isPending && isBusy(failureReason),
  );
  const myName = here?.name ?? "";

  const lost = useLost(here);

  if (here !== undefined && !lost && !joining.isPending && !joining.isError) {
    return (
      <section className={styles.join}>
        <h1>{shown?.name ?? <>&nbsp;</>}</h1>
        <p>
          {myName === "" ? <Trans>You play here already.</Trans> : <Trans>You play here already, as {myName}.</Trans>}
        </p>
        <Link to="/" className={buttonClass("main", true)}>
          <Trans>To your tips</Trans>
        </Link>
        <AllRules pool={pool.id} className={styles.how}>
          <Trans>All rules</Trans>
        </AllRules>
      </section>
    );
  }

  return (
    <section className={styles.join}>
      <header>
        <h1>{shown?.name ?? <>&nbsp;</>}</h1>
        <p className={styles.who}>
          {inviter != null && (
            <>
              <Trans>{inviter} invites you</Trans>
              {" · "}
            </>
          )}
          <Plural value={pool.totals.players} one="# player" other="# players" />
        </p>
      </header>
      <NextMatch />
      {shown !== undefined ? (
        <Rules id={pool.id} pool={shown} couldLook={pool.could_look} />
      ) : (
        opened.error === null && <Skeleton height={RULES_PX} />
      )}

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
          broken={<Trans>The part of this page that reads links did not load.</Trans>}
        />
      ) : ended !== undefined && !joining.isPending ? (
        <Refusal error={new Refused(ended, "")} />
      ) : needed ? (
        <Notice>
          <Trans>This pool wants an invitation. Ask whoever organises it for a link, and open that.</Trans>
        </Notice>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            joining.mutate();
          }}
        >
          <TextField
            label={t`Your name`}
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
          <Refusal error={joining.error} />
          {waits && (
            <Notice look="soon">
              <Busy again />
            </Notice>
          )}
          <Button look="main" type="submit" wide isDisabled={name.trim() === "" || unread || joining.isPending}>
            {joining.isPending ? <Trans>One moment</Trans> : <Trans>Join the pool</Trans>}
          </Button>
          {typing && unread && !waits && <NotYet rules={made === undefined} />}
        </form>
      )}
      <How />
      <p className={styles.small}>
        <button type="button" className={styles.how} onClick={() => setRestoring(true)}>
          <Trans>I play already: bring my words</Trans>
        </button>
        {" · "}
        <Link
          to="/"
          onClick={() => {
            if (link === "") return;
            keepLink(pool.id, came);
            void invitation.refetch();
          }}
        >
          <Trans>Only look</Trans>
        </Link>
      </p>
      <Sheet title={<Trans>Bring your words</Trans>} open={restoring} close={() => setRestoring(false)}>
        <Restore done={() => void navigate({ to: "/", replace: true })} />
      </Sheet>
    </section>
  );
}
