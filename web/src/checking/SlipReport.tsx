import { Plural, Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { Notice } from "../design/Notice";
import { Skeleton } from "../design/Skeleton";
import { teamName } from "../design/teams";
import type { Shapes } from "../node/client";
import { usePool } from "../node/queries";
import { Link } from "../route";
import { load, RulesError, type SlipReport as Report } from "../rules";
import { useStore } from "../device/store";
import { Said } from "../words/Said";
import { Beside } from "./Beside";
import { own as ownAnswer } from "./check";
import styles from "./Slip.module.css";
import { last } from "./state";

function Proven({ report }: { report: Report }) {
  const { proven } = report;
  if (proven.by === "votes") {
    const { weight, total, signers, validators } = proven;
    return (
      <Trans>
        <Plural
          value={validators}
          one="The only validator confirmed it"
          other={`${signers} of # validators confirmed it`}
        />{" "}
        ({weight} of {total} votes).
      </Trans>
    );
  }
  return (
    <Plural
      value={proven.blocks_above}
      one="# block has been mined on top of it. A longer chain could still replace it."
      other="# blocks have been mined on top of it. A longer chain could still replace it."
    />
  );
}

/** The tip whose receipt was asked for. */
interface Wanted {
  transaction: string;
  account: string;
}

/** What the book has at a path, as it was read here; the node's word is none. */
function useBooked(path: string, enabled: boolean): unknown {
  const tip = useStore(last)?.checked.tip;
  const { data } = useQuery({
    queryKey: ["book", path, tip],
    enabled: enabled && tip !== undefined,
    retry: false,
    gcTime: 0,
    queryFn: async () => (await ownAnswer(path, false)) ?? null,
  });
  return data;
}

function Signer({ account, name }: { account: string; name: string | undefined }) {
  const player = name ?? account;
  return (
    <p className={styles.account}>
      <Trans>
        Signed by{" "}
        <Link to="/player/:name" params={{ name: player }}>
          {player}
        </Link>
      </Trans>
    </p>
  );
}

interface TipProps {
  match: Report["matches"][number] | undefined;
  /** As the receipt has it, else as the book has opened it. */
  says: string | null;
  opened: Shapes["BetBody"] | undefined;
  through: string | null | undefined;
}

/** What was tipped, with the team that it lets go through, by its name. */
function Tip({ match, says, opened, through = opened?.through }: TipProps) {
  const score = opened?.score;
  // A side in words, behind the goals, is no more than the team says.
  const goals = says?.split(",")[0] ?? (score == null ? undefined : `${score.home}:${score.away}`);
  if (goals === undefined) return <Trans>Hidden</Trans>;
  const team = through === "home" || through === "away" ? match?.[through] : undefined;
  return team === undefined ? (says ?? goals) : `${goals} · ${teamName(team)}`;
}

function Says({ report, own, wanted }: { report: Report; own: string; wanted: Wanted | undefined }) {
  const { pool_name: other } = report;
  const here = report.pool === own;
  const of = `/api/v1/players/${report.account}`;
  const signer = useBooked(of, here) as Shapes["PlayerPage"] | null | undefined;
  const another =
    wanted !== undefined && (report.id !== wanted.transaction || report.account !== wanted.account || !here);
  const booked = useBooked(`${of}/bets?limit=500`, here) as Shapes["Page_BetBody"] | null | undefined;
  const opened = (no: number) =>
    booked?.items.find(({ match, transaction }) => match.no === no && transaction === report.id);
  return (
    <div className={styles.slip}>
      {report.pool !== own && (
        <Notice look="soon">
          <Trans>
            This receipt belongs to another pool: <Said says={other} />.
          </Trans>
        </Notice>
      )}
      {another && (
        <Notice look="bad">
          <strong>
            <Trans>This receipt is not for the tip you asked about.</Trans>
          </strong>
          <span>
            <Trans>The pool’s computer sent the wrong one. Show this to your friends.</Trans>
          </span>
        </Notice>
      )}
      <Beside report={report} />
      {here && <Signer account={report.account} name={signer?.name} />}
      <ul className={styles.tips}>
        {report.tips.map(({ no, says, predicted: { through }, stake }) => {
          const match = report.matches.find((fixture) => fixture.no === no);
          return (
            <li key={no}>
              <span>{match === undefined ? no : `${teamName(match.home)} – ${teamName(match.away)}`}</span>
              <span>
                {stake > 0 && (
                  <>
                    <Plural value={stake} one="# chip" other="# chips" />
                    {" · "}
                  </>
                )}
                <strong>
                  <Tip match={match} says={says} opened={opened(no)} through={through} />
                </strong>
              </span>
            </li>
          );
        })}
      </ul>
      <p className={styles.soft}>
        <Proven report={report} />
        {report.places && (
          <>
            {" "}
            <Trans>A later tip may have replaced it; a receipt can’t rule that out.</Trans>
          </>
        )}
      </p>
    </div>
  );
}

/** Why a receipt proves nothing. */
function WhyNot({ error }: { error: Error }) {
  switch (error instanceof RulesError ? error.code : "") {
    case "bad-slip":
      return <Trans>It was changed, or part of it is missing. Ask for it again.</Trans>;
    case "slip-ahead":
      return <Trans>It is dated in the future: this device’s clock is slow, or the receipt is fake.</Trans>;
    case "newer-slip":
      return <Trans>It comes from a newer version of Bolao, which this page can’t read yet.</Trans>;
    default:
      return <span lang="en">{error.message}</span>;
  }
}

/** What a receipt proves, by the rules in this browser. */
export function SlipReport({ text, name, wanted }: { text: string; name?: string; wanted?: Wanted }) {
  const pool = usePool();
  const tip = useStore(last)?.checked.tip;
  const report = useQuery({
    // It is compared anew with each block that is read.
    queryKey: ["slip-report", text, tip],
    placeholderData: (shown, query) => (query?.queryKey[1] === text ? shown : undefined),
    retry: false,
    gcTime: 0,
    queryFn: async () => (await load()).verifySlip(text, null),
  });
  if (name !== undefined && report.error instanceof RulesError && report.error.code === "no-slip") {
    return (
      <Notice look="bad">
        <Trans>This is not a receipt. Choose the file that ends in .slip.json.</Trans>
      </Notice>
    );
  }
  if (report.isError) {
    return (
      <Notice look="bad">
        <strong>
          {name === undefined ? <Trans>This receipt proves nothing.</Trans> : <Trans>{name} proves nothing.</Trans>}
        </strong>
        <span>
          <WhyNot error={report.error} />
        </span>
      </Notice>
    );
  }
  if (report.data === undefined) return <Skeleton rows={2} />;
  return <Says report={report.data} own={pool.id} wanted={wanted} />;
}
