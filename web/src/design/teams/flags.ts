// The flags' files: their addresses come with this small piece, each file when it is shown.

const files = import.meta.glob<string>("/node_modules/country-flag-icons/3x2/{[A-Z][A-Z],GB-*}.svg", {
  query: "?url",
  import: "default",
  eager: true,
});

/** The address of a nation's flag. */
export const flagOf = (nation: string): string | undefined =>
  files[`/node_modules/country-flag-icons/3x2/${nation}.svg`];
