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
      return <Trans>This link is for a different pool. Ask for a new link.</Trans>;
    case "damaged":
      return <Trans>Part of this link is missing. Copy the whole link, or ask for it again.</Trans>;
    case "unknown":
      return <Trans>The pool doesn’t know this link: it is old or belongs to another pool. Ask for a new one.</Trans>;
    case "other":
      return (
        <Trans>
          The computer at this address gave a different invitation than the link promises, so you can’t join with it.
          Tell the person who sent it, and ask for a new link.
        </Trans>
      );
    case "none":
      return (
        <Trans>This isn’t a link to a pool. One looks like http://192.168.1.5:9000/join#… Copy the whole link.</Trans>
      );
  }
}
