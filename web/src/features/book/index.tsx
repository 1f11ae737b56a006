import { Trans } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";

import { Checklist } from "../../checking/Mark";
import { SlipCheck } from "../../checking/SlipCheck";
import { useFixed } from "../../keys/useOpened";
import { Again } from "./Again";
import styles from "./Book.module.css";
import { Branches } from "./Branches";
import { Keepers } from "./Keepers";
import { Nodes } from "./Nodes";
import { Ribbon } from "./Ribbon";

export const Route = createLazyRoute("/book")({ component: BookPlace });

function BookPlace() {
  const { consensus } = useFixed();
  return (
    <div className={styles.page}>
      <header>
        <h1>
          <Trans>The book</Trans>
        </h1>
        <p className={styles.soft}>
          {consensus === "pow" ? (
            <Trans>
              Every tip and every result of this pool is signed and stands on a page (a block). Each page names the one
              before it, and computers work to add one, so pages of old are hard to replace.
            </Trans>
          ) : (
            <Trans>
              Every tip and every result of this pool is signed and stands on a page (a block). Each page names the one
              before it, and its keepers (validators) stamp it. What is stamped stays.
            </Trans>
          )}
        </p>
      </header>
      <Ribbon />
      <div className={styles.columns}>
        <section className={styles.part}>
          <h2>
            <Trans>Who keeps the book</Trans>
          </h2>
          <Keepers />
          <h2>
            <Trans>Computers</Trans>
          </h2>
          <Nodes />
          <h2>
            <Trans>Branches</Trans>
          </h2>
          <Branches />
          <h2>
            <Trans>Receipts</Trans>
          </h2>
          <p className={styles.soft}>
            <Trans>A receipt proves that a tip was in the book in time. Each tip on its player’s page has one.</Trans>
          </p>
          <SlipCheck />
        </section>
        <section className={styles.part}>
          <h2>
            <Trans>Check everything</Trans>
          </h2>
          <Again />
          <Checklist />
        </section>
      </div>
    </div>
  );
}
