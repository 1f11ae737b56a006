import styles from "./Host.module.css";

/** The host of an address to which something goes that is not to go elsewhere, for a reader who looks. */
export const Host = ({ of }: { of: string }) => <p className={styles.host}>{new URL(of).host}</p>;
