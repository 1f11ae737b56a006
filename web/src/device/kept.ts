import { inHost } from "./address";

/** A text that stays on this device. Where the browser keeps nothing (a private window), it stays until the page is left. */
interface Kept {
  read(): string | null;
  /** Whether it is kept beyond this visit. */
  write(text: string | null): boolean;
}

/** The name of what a browser keeps for the page below this path alone: all pages of a host share what it keeps. */
export const nameHere = (name: string): string => name + inHost("");

const meanwhile = new Map<string, string | null>();

export function kept(name: string): Kept {
  return {
    read() {
      const text = meanwhile.get(name);
      if (text !== undefined) return text;
      try {
        return localStorage.getItem(name);
      } catch {
        return null;
      }
    },
    write(text) {
      try {
        if (text === null) localStorage.removeItem(name);
        else localStorage.setItem(name, text);
        meanwhile.delete(name);
        return true;
      } catch {
        meanwhile.set(name, text);
        return false;
      }
    },
  };
}
