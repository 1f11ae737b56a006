/** Whether only the machine itself reaches an address. */
export const isLocal = (url: string): boolean => {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
};

/** Whether what a browser keeps for an address is that machine's alone: nobody else has it in another network. */
export const isEncrypted = (url: string): boolean => new URL(url).protocol === "https:" || isLocal(url);
