import { Component, useEffect, useEffectEvent, useState, type ReactNode } from "react";

import { Failure } from "../design/Failure";
import { isBusy, queries } from "../node/client";
import { useNear } from "../node/events";
import { loadAnew, Unloaded } from "./lazyRoute";

const forgetErrors = (): void => void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });

/** It tries again by itself at most that often, unless the node was away meanwhile. */
const PATIENCE_MS = 30_000;

let tried_ms = -Infinity;

/** How often a busy node is asked again by itself, and how soon: later and later. */
const MOST_ASKS = 8;
const SOON_MS = 3_000;
/** After so long a node is busy anew. */
const ANEW_MS = 10 * 60_000;

let asks = { count: 0, last_ms: -Infinity };

/** A place that cannot be shown. Tries again by itself once the node answers. */
function Broken({ error, reset }: { error: Error; reset: () => void }) {
  const near = useNear();
  const again = async (asked: boolean): Promise<void> => {
    if (error instanceof Unloaded && (await loadAnew(asked))) return;
    forgetErrors();
    reset();
  };
  const onNear = useEffectEvent(() => void again(false));
  useEffect(() => {
    if (near !== true) tried_ms = -Infinity;
    else if (error instanceof TypeError && !isBusy(error) && Date.now() - tried_ms > PATIENCE_MS) {
      tried_ms = Date.now();
      onNear();
    }
  }, [near, error]);
  const busy = isBusy(error);
  const [round, setRound] = useState(0);
  const ask = useEffectEvent(() => {
    asks = { count: asks.count + 1, last_ms: Date.now() };
    void again(false).finally(() => setRound(round + 1));
  });
  useEffect(() => {
    if (!busy) return undefined;
    if (Date.now() - asks.last_ms > ANEW_MS) asks = { count: 0, last_ms: Date.now() };
    if (asks.count === MOST_ASKS) return undefined;
    const timer = setTimeout(ask, SOON_MS * 2 ** asks.count);
    return () => clearTimeout(timer);
  }, [busy, round]);
  return <Failure error={error} again={() => void again(true)} byItself={asks.count < MOST_ASKS} />;
}

interface Props {
  /** The address of what is shown: another one is tried anew. */
  href: string;
  /** Makes ready for another try. */
  forget?: (() => void) | undefined;
  children: ReactNode;
}

interface State {
  error: Error | undefined;
  href: string;
}

/** Shows `Broken` in place of what cannot be shown. */
export class Unbroken extends Component<Props, State> {
  override state: State = { error: undefined, href: "" };

  static getDerivedStateFromError = (error: Error) => ({ error });

  static getDerivedStateFromProps = ({ href }: Props, before: State) =>
    href === before.href ? null : { href, error: undefined };

  override componentDidCatch(): void {
    this.props.forget?.();
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === undefined ? (
      this.props.children
    ) : (
      <Broken error={error} reset={() => this.setState({ error: undefined })} />
    );
  }
}
