import { Trans, useLingui } from "@lingui/react/macro";

import { According } from "../../design/According";
import { Choice } from "../../design/Choice";
import { Count } from "../../design/Count";
import { ChevronIcon, OrganiseIcon, ReceiptIcon, ShieldIcon, TipsIcon } from "../../design/icons";
import { Disc } from "../../design/people";
import { Notice } from "../../design/Notice";
import { Absent } from "../../identity/entry/Absent";
import { AllRules } from "../../identity/entry/AllRules";
import { usePlayerHere } from "../../keys/player";
import { useFixed } from "../../keys/useOpened";
import { allOf, useWanted } from "../../identity/assent/pendingSignatures";
import { clockAhead, useNow } from "../../node/clock";
import { useOrganisers, usePool, useStatus } from "../../node/queries";
import { isEncrypted, isLocal } from "../../node/reach";
import { chooseTheme, THEMES, useTheme } from "../../device/theme";
import { Link } from "../../route";
import { LANGUAGES, speak, spoken, type Language } from "../../words/languages";
import { span } from "../../words/time";
import { Another } from "./Another";
import { Calendar } from "./Calendar";
import { Leave } from "./Leave";
import styles from "./Me.module.css";
import { News } from "./News";
import { Openers } from "./Openers";
import { Passphrase } from "./Passphrase";
import { Unencrypted } from "./Unencrypted";
import { Words } from "./Words";

/** A clock that is off by more than this is worth a word. */
const CLOCK_OFF_S = 60;

function Clock() {
  useNow(60);
  const off_s = clockAhead() / 1000;
  if (Math.abs(off_s) < CLOCK_OFF_S) return null;
  const by = span(Math.abs(off_s));
  return (
    <Notice look="soon">
      {off_s > 0 ? (
        <Trans>This device’s clock is {by} ahead of the pool’s. Countdowns follow the pool’s clock.</Trans>
      ) : (
        <Trans>This device’s clock is {by} behind the pool’s. Countdowns follow the pool’s clock.</Trans>
      )}
    </Notice>
  );
}

function Looks() {
  const { t } = useLingui();
  const theme = useTheme();
  const languages = Object.entries(LANGUAGES) as [Language, string][];
  const says = { system: t`Automatic`, light: t`Light`, dark: t`Dark` };
  return (
    <section className={styles.section}>
      <Choice
        label={<Trans>Language</Trans>}
        value={spoken()}
        choices={languages.map(([value, name]) => ({ value, says: <span lang={value}>{name}</span> }))}
        choose={(language) => void speak(language)}
      />
      <Choice
        label={<Trans>Appearance</Trans>}
        value={theme}
        choices={THEMES.map((value) => ({ value, says: says[value] }))}
        choose={chooseTheme}
      />
    </section>
  );
}

/** The player, this device, and everything that has no place of its own in the bar. */
export function Me() {
  const { t } = useLingui();
  const pool = usePool();
  const { bets } = useFixed();
  const player = usePlayerHere(pool.id);
  const organisers = useOrganisers();
  const status = useStatus();
  const wanted = useWanted();
  const host = location.host;
  const closed = status.data?.viewers === "players";
  const organises = organisers.data?.organisers.some(({ account }) => account === player?.account) === true;
  return (
    <div className={styles.me}>
      <header className={styles.head}>
        {player !== undefined && <Disc person={player} size={48} own />}
        <h1>{player === undefined ? <Trans>More</Trans> : player.name === "" ? <Trans>You</Trans> : player.name}</h1>
      </header>

      {player === undefined && <Absent pool={pool.id} />}
      {player !== undefined && !isEncrypted(location.origin) && (
        <Unencrypted pool={pool.id} player={player} host={host} />
      )}
      <div className={styles.halves}>
        <div className={styles.half}>
          <nav className={styles.links}>
            {player !== undefined && player.name !== "" && (
              <Link to="/player/:name" params={{ name: player.name }}>
                <TipsIcon />
                <Trans>Your tips and points</Trans>
                <ChevronIcon size={16} />
              </Link>
            )}
            <Link to="/book">
              <ShieldIcon />
              <Trans>How it is checked</Trans>
              <ChevronIcon size={16} />
            </Link>
            <AllRules pool={pool.id}>
              <ReceiptIcon />
              <Trans>The rules of this pool</Trans>
              <ChevronIcon size={16} />
            </AllRules>
            {organises && (
              <Link to="/organise">
                <OrganiseIcon />
                <Trans>Organise</Trans>
                {wanted !== undefined && <Count of={allOf(wanted)} />}
                <ChevronIcon size={16} />
              </Link>
            )}
          </nav>

          {player !== undefined && (
            <section className={styles.links} aria-label={t`Your player`}>
              <Words pool={pool.id} player={player} />
              <Another pool={pool.id} player={player} />
              <Passphrase pool={pool.id} player={player} />
              <News pool={pool.id} account={player.account} />
              <Calendar account={player.account} closed={closed} />
              {bets === "sealed" && <Openers pool={pool.id} account={player.account} />}
            </section>
          )}
        </div>
        <div className={styles.half}>
          <Clock />
          <Looks />
          {player !== undefined && (
            <div className={styles.links} data-danger>
              <Leave pool={pool.id} player={player} />
            </div>
          )}
        </div>
      </div>

      <section className={styles.trust}>
        <p>
          {isLocal(location.origin) ? (
            <Trans>This page comes from Bolao on this computer ({host}), so you rely on nobody else.</Trans>
          ) : (
            <Trans>
              This page comes from a friend’s computer ({host}). Your key never leaves this device, but a page could lie
              about what it does. To rely on nobody, run Bolao yourself.
            </Trans>
          )}
        </p>
        {closed && (
          <p>
            <According line>
              <Trans>Only players can look here.</Trans>
            </According>
          </p>
        )}
        {player !== undefined && <p>{player.account}</p>}
        {status.data !== undefined && (
          <p>
            <According line>Bolao {status.data.version}</According>
          </p>
        )}
      </section>
    </div>
  );
}
