/** Whether only the machine itself reaches an address. */
export const isLocal = (url: string): boolean => {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
};
