import { create } from "canvas-confetti";

import { COLOURS } from "../../design/people";

let thrown = false;

/** Throws confetti from an element, once a visit. It is drawn without a worker: the page's policy allows none of unknown code. */
export function celebrate(from: HTMLElement | null): void {
  if (thrown || from === null) return;
  thrown = true;
  const { left, top, width, height } = from.getBoundingClientRect();
  const tokens = getComputedStyle(document.documentElement);
  const colours = ["--gold", "--flash", "--live"].map((name) => tokens.getPropertyValue(name).trim());
  const throwIt = create(undefined, { resize: true, useWorker: false, disableForReducedMotion: true });
  void throwIt({
    particleCount: 48,
    spread: 80,
    startVelocity: 38,
    gravity: 1.1,
    ticks: 110,
    scalar: 0.8,
    colors: [...colours, ...COLOURS.slice(0, 3)],
    origin: { x: (left + width / 2) / innerWidth, y: (top + height / 2) / innerHeight },
  });
}
