import { Trans } from "@lingui/react/macro";

type Wrong = "foreign" | "damaged" | "unknown" | "other" | "none";

/** Why nobody can come by a link, whatever is tried, by a refusal's code; `undefined` for every other code. */
export function wrongLink(code: string): Wrong | undefined {
  switch (code) {
    case "other-pool":
      return "foreign";
    case "bad-invitation":
      return "damaged";
    case "unknown-invitation":
      return "unknown";
    case "other-invitation":
      return "other";
    case "no-link":
      return "none";
    default:
      return undefined;
  }
}

export function WrongLink({ as }: { as: Wrong }) {
  switch (as) {
    case "foreign":
      return (
        <Trans>
          This link is for another pool than the one that the computer it leads to keeps. Ask for a new link.
        </Trans>
      );
    case "damaged":
      return <Trans>This link is damaged: a part of it is missing. Copy it whole, or ask for it again.</Trans>;
    case "unknown":
      return (
        <Trans>
          The computer that it leads to does not know this link: it is old, or of another pool. Ask whoever sent it for
          a new one.
        </Trans>
      );
    case "other":
      return (
        <Trans>
          The computer that it leads to gave another invitation than the link stands for, so you cannot join by it. Tell
          whoever sent it, and ask for a new link.
        </Trans>
      );
    case "none":
      return <Trans>This is no link to a pool. One looks like http://192.168.1.5:9000/join#… : copy it whole.</Trans>;
  }
}
