import { useState } from "react";

import { copy } from "../../design/copy";

/** Shares the way to this place, or copies it where the browser shares nothing. `copied`: it did. */
export function useShare(title: string): { share: () => void; copied: boolean } {
  const [copied, setCopied] = useState(false);
  const share = (): void => {
    const url = location.href;
    if ("share" in navigator) void navigator.share({ title, url }).catch(() => undefined);
    else void copy(url, null).then(setCopied);
  };
  return { share, copied };
}
