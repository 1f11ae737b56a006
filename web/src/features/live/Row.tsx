import { useQuery } from "@tanstack/react-query";

import { matchTipsOptions } from "../../node/queries";
import { clockTime, exactTime } from "../../words/time";
import type { Item } from "./feed";
import { Aside, Face, Says } from "./Line";
import styles from "./Live.module.css";
import { useComes } from "./useComes";
import { lacksTips, type News } from "./useNews";

interface Props {
  item: Item;
  news: News;
  own: string | undefined;
}

/** The news with the tips that a line needs, which are asked for when it comes near the screen. */
function useWhole(item: Item, news: News) {
  const match = lacksTips(item, news);
  const { line, comes } = useComes<HTMLLIElement>(match !== undefined);
  const code = match?.code ?? "";
  const { data } = useQuery({ ...matchTipsOptions(code), enabled: comes });
  if (match === undefined || data === undefined) return { line, whole: news };
  return { line, whole: { ...news, tips: new Map([...news.tips, [match.no, data]]) } };
}

/** What happened, in a line. */
export function Row({ item, news, own }: Props) {
  const { line, whole } = useWhole(item, news);
  return (
    <li ref={line} className={styles.item} data-is={item.is}>
      <Face item={item} news={whole} />
      <div className={styles.says}>
        <Says item={item} news={whole} own={own} />
      </div>
      <Aside item={item} news={whole} own={own} />
      <time dateTime={new Date(item.at_s * 1000).toISOString()} title={exactTime(item.at_s)}>
        {clockTime(item.at_s)}
      </time>
    </li>
  );
}
