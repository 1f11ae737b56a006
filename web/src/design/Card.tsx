import type { ComponentProps, ReactNode } from "react";

import styles from "./Card.module.css";
import { cx } from "./cx";

/** A sheet of paper that holds rows. */
export const Card = ({ children, className }: { children: ReactNode; className?: string | undefined }) => (
  <div className={cx(styles.card, className)}>{children}</div>
);

/** A heading above a card, with one fact at its end. */
export const Heading = ({ children, aside }: { children: ReactNode; aside?: ReactNode }) => (
  <div className={styles.head}>
    <h2>{children}</h2>
    {aside !== undefined && <span className={styles.aside}>{aside}</span>}
  </div>
);

interface SectionProps extends Omit<ComponentProps<"section">, "title"> {
  title: ReactNode;
  aside?: ReactNode;
}

/** A part of a place under its heading. */
export const Section = ({ title, aside, children, ...rest }: SectionProps) => (
  <section {...rest}>
    <Heading aside={aside}>{title}</Heading>
    {children}
  </section>
);
