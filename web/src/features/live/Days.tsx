import { Trans } from "@lingui/react/macro";
import type { CSSProperties } from "react";

import { HowChecked } from "../../checking/HowChecked";
import { Card } from "../../design/Card";
import { useNow } from "../../node/clock";
import { clockTime, clockWidth, dayKey, dayName } from "../../words/time";
import type { Item } from "./feed";
import { Says } from "./Line";
import styles from "./Live.module.css";
import { Row } from "./Row";
import type { News } from "./useNews";

interface Told {
  items: Item[];
  news: News;
  own: string | undefined;
}

/** What happened, day by day. */
export function Days({ items, news, own }: Told) {
  const now_s = useNow(60);
  const days = new Map<string, Item[]>();
  const width = { "--clock": `${clockWidth()}ch` } as CSSProperties;
  for (const item of items) days.set(dayKey(item.at_s), [...(days.get(dayKey(item.at_s)) ?? []), item]);
  return [...days.values()].map((ofDay) => (
    <section key={ofDay[0]?.key} className={styles.day}>
      <h2>{dayName(ofDay[0]?.at_s ?? now_s, now_s)}</h2>
      <Card>
        <ol style={width}>
          {ofDay.map((item) => (
            <Row key={item.key} item={item} news={news} own={own} />
          ))}
        </ol>
      </Card>
    </section>
  ));
}

/** What blocks and signatures tell, and that nothing proves a live score. */
export function Behind({ items, news, own, live }: Told & { live: boolean }) {
  return (
    <HowChecked>
      {live && (
        <p>
          <Trans>Live scores aren’t results yet: they aren’t in any block, so no device can check them.</Trans>
        </p>
      )}
      {items.length === 0 && (
        <p>
          <Trans>Everything above comes from signed blocks.</Trans>
        </p>
      )}
      <ol className={styles.technical}>
        {items.map((item) => (
          <li key={item.key}>
            {clockTime(item.at_s)} <Says item={item} news={news} own={own} />
          </li>
        ))}
      </ol>
    </HowChecked>
  );
}
