/** The names that are there, as one `className`. */
export const cx = (...names: (string | false | null | undefined)[]): string => names.filter(Boolean).join(" ");
