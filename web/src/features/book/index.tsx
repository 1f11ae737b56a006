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
          <Trans>How it is checked</Trans>
        </h1>
        <p className={styles.soft}>
          {consensus === "pow" ? (
            <Trans>
              Every tip and result in this pool is signed and stored in blocks. Each block names the one before it, and
              computers work to add one, so old blocks are hard to replace.
            </Trans>
          ) : (
            <Trans>
              Every tip and result in this pool is signed and stored in blocks. Each block names the one before it, and
              validators confirm it. Anything confirmed can’t be changed.
            </Trans>
          )}
        </p>
      </header>
      <Ribbon />
      <div className={styles.columns}>
        <section className={styles.part}>
          <h2>
            <Trans>Validators</Trans>
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
            <Trans>A receipt proves that a tip was in on time. You find it beside each tip on the player’s page.</Trans>
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
