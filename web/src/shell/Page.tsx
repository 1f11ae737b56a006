import { createElement, Suspense, use, useDeferredValue, useEffect, useLayoutEffect, useState } from "react";

import { Waiting } from "../design/Skeleton";
import { scroll, searchOf, usePlaceHref } from "../route";
import { Unbroken } from "./Broken";
import { Lost } from "./Lost";
import { placeAt, type Place } from "./routes";
import { Shell } from "./Shell";

/** So long the place before stays for one whose code is on its way. */
const PATIENCE_MS = 1000;

/** The address of the place that is shown: where the reader is, or still that of the place before. */
function useShownHref(): string {
  const href = usePlaceHref();
  const ready = useDeferredValue(href);
  const [late, setLate] = useState<string>();
  useEffect(() => {
    if (ready === href) return undefined;
    const timer = setTimeout(() => setLate(href), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [ready, href]);
  return late === href ? href : ready;
}

const Loaded = ({ place, params }: { place: Place; params: Record<string, string | undefined> }) =>
  createElement(use(place.load()), params);

/** The page, at the place of its address. `arrived` hears of each path that is shown. */
export function Page({ arrived }: { arrived: (path: string) => void }) {
  const href = useShownHref();
  const { pathname, search } = new URL(href, location.origin);
  const found = placeAt(pathname);
  useLayoutEffect(scroll, [href]);
  useEffect(() => arrived(pathname), [arrived, pathname]);
  return (
    <Unbroken href={href}>
      <Suspense fallback={<Waiting />}>
        <Shell path={pathname}>
          <Unbroken href={href} forget={found?.place.forget}>
            {found ? <Loaded place={found.place} params={{ ...searchOf(search), ...found.params }} /> : <Lost />}
          </Unbroken>
        </Shell>
      </Suspense>
    </Unbroken>
  );
}
