import { useEffect, useEffectEvent, useState } from "react";

import { useCalm } from "../../device/calm";
import { useVisible } from "../../device/visible";
import { go } from "../../route";
import { type Scene, useNextScene } from "../../sentences/film";

/** What has come to rest is looked at for so long. */
export const DWELL_MS = 8_000;

/** Any of these says that the player is at work with this scene. */
const HANDS = ["pointerdown", "keydown", "wheel"] as const;

interface Next {
  /** The scene that follows this one. */
  next: Scene | undefined;
  /** Whether it will follow without a tap. */
  turns: boolean;
  /** Keeps it from doing so. */
  stay: () => void;
}

/**
 * What follows the show of a match: by a tap at any time, and after a while to whoever only looks. `rests`: all of it is shown. What
 * comes to be later follows at once.
 */
export function useNext(code: string, rests: boolean): Next {
  const next = useNextScene(code);
  const calm = useCalm();
  const visible = useVisible();
  const [stays, setStays] = useState(false);
  const [ripe, setRipe] = useState(false);
  useEffect(() => {
    if (!rests) return undefined;
    const timer = setTimeout(() => setRipe(true), DWELL_MS);
    return () => clearTimeout(timer);
  }, [rests]);
  const turns = next !== undefined && rests && !stays && !calm;
  const turn = useEffectEvent((to: string) => {
    // Not while somebody shares this one.
    if (document.querySelector("dialog[open]") === null)
      go({ to: "/match/:code/show", params: { code: to }, replace: true });
  });
  const to = next?.code;
  useEffect(() => {
    if (turns && ripe && visible && to !== undefined) turn(to);
  }, [turns, ripe, visible, to]);
  const follows = next !== undefined;
  const keep = (): void => setStays(follows);
  useEffect(() => {
    // What was touched before anything followed keeps nothing waiting.
    if (!follows) return undefined;
    const stay = (): void => setStays(true);
    for (const name of HANDS) addEventListener(name, stay);
    return () => HANDS.forEach((name) => removeEventListener(name, stay));
  }, [follows]);
  return { next, turns, stay: keep };
}
