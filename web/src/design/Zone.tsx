import { Trans, useLingui } from "@lingui/react/macro";
import { useId } from "react";

import { isZone, zones, zonesLike } from "../words/time";
import { Button } from "./Button";
import styles from "./MatchSource.module.css";
import { TextField } from "./TextField";

/** Which city’s time a list has: any zone that this browser knows, found by a city. */
export function Zone({ zone, choose }: { zone: string; choose: (zone: string) => void }) {
  const { t } = useLingui();
  const list = useId();
  const typed = zone.trim();
  const like = isZone(typed) ? [] : zonesLike(zone);
  return (
    <>
      <TextField
        label={t`Which city’s time is this?`}
        hint={typed === "" ? t`Needed before the list can be read: a city such as Lisbon` : t`Such as Europe/Lisbon`}
        value={zone}
        onChange={choose}
        autoComplete="off"
        list={list}
        error={typed !== "" && !isZone(typed) && like.length === 0 && <Trans>“{zone}” is no time zone.</Trans>}
      />
      <datalist id={list}>
        {zones().map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <div className={styles.near}>
        {like.map((one) => (
          <Button key={one} look="quiet" onPress={() => choose(one)}>
            {one}
          </Button>
        ))}
      </div>
    </>
  );
}
