/** Whether only the machine itself reaches an address. */
export const isLocal = (url: string): boolean => {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
};

/** Hosts of the network around a machine. */
const PRIVATE =
  /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(\.\d+)+$|^\[(f[cd]|fe[89ab])|^[\w-]+\.local$/;

/** Whether an address is this machine's, or one of the network around it. */
export const isNear = (url: string): boolean => isLocal(url) || PRIVATE.test(new URL(url).hostname);

/** An address as organisers sign it: a host, and the path below which the page lies. */
export function bare(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, "");
}

/** The same as readers say it: `home.example.org/bolao`. */
export const shortened = (url: string): string => bare(url).replace(/^\w+:\/\//, "");

/**
 * Where others open the page: at the address that organisers have signed; else at the one in the reader's browser. Where only this
 * machine reaches that, at its address in the network around it: the node's bare word leads nowhere else.
 */
export function originFor(signed: string | undefined, here: string, said: string): string {
  if (signed !== undefined) return signed;
  if (!isLocal(here) || !URL.canParse(said)) return here;
  const { protocol, hostname } = new URL(said);
  return protocol.startsWith("http") && PRIVATE.test(hostname) ? bare(said) : here;
}

/** Whether what a browser keeps for an address is that machine's alone: nobody else has it in another network. */
export const isEncrypted = (url: string): boolean => new URL(url).protocol === "https:" || isLocal(url);
