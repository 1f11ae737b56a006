import { Trans } from "@lingui/react/macro";

import { Checklist } from "../../checking/Mark";
import { SlipCheck } from "../../checking/SlipCheck";
import { Card } from "../../design/Card";
import { Head } from "../../design/Head";
import { useFixed } from "../../keys/useOpened";
import { Again } from "./Again";
import { Blocks } from "./Blocks";
import styles from "./Book.module.css";
import { Branches } from "./Branches";
import { Keepers } from "./Keepers";
import { Nodes } from "./Nodes";

/** How the pool is checked. */
export function Place() {
  const { consensus } = useFixed();
  return (
    <div>
      <Head back="/me">
        <Trans>How it is checked</Trans>
      </Head>
      <p className={styles.intro}>
        {consensus === "pow" ? (
          <Trans>
            Every tip and result in this pool is signed and stored in blocks. Each block names the one before it, and
            computers work to add one, so old blocks are hard to replace.
          </Trans>
        ) : (
          <Trans>
            Every tip and result in this pool is signed and stored in blocks. Each block names the one before it, and
            validators confirm it. What is confirmed stays: even a corrected result is a new entry that everyone sees.
          </Trans>
        )}
      </p>
      <div className={styles.columns}>
        <div>
          <section className={styles.part}>
            <h2>
              <Trans>On this device</Trans>
            </h2>
            <Card className={styles.inset}>
              <Checklist />
            </Card>
            <Again />
          </section>
          <section className={styles.part}>
            <h2>
              <Trans>Receipts</Trans>
            </h2>
            <p>
              <Trans>
                A receipt proves to anyone with a copy of the pool that a tip was in on time. You’ll find it beside each
                tip on the player’s page.
              </Trans>
            </p>
            <SlipCheck />
          </section>
        </div>
        <div>
          <section className={styles.part}>
            <h2>
              <Trans>Validators</Trans>
            </h2>
            <Keepers />
          </section>
          <section className={styles.part}>
            <h2>
              <Trans>Blocks</Trans>
            </h2>
            <Blocks />
          </section>
          <section className={styles.part}>
            <h2>
              <Trans>Computers</Trans>
            </h2>
            <Nodes />
            <Branches />
          </section>
        </div>
      </div>
    </div>
  );
}
