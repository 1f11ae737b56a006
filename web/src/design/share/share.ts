// Pictures to be sent to friends, drawn on this device. Nobody else sees them until a player sends them.

import { save } from "../../device/save";
import { bringBadges } from "../teams/pieces";

/** In CSS pixels; a picture has twice as many: 1080 × 1350. */
const SIZE = { width: 540, height: 675, scale: 2 };

/** How a picture left: through the device's own menu, as a file, or not at all. */
export type Left = "shared" | "saved" | "kept";

const fileOf = (blob: Blob, name: string): File => new File([blob], `${name}.png`, { type: "image/png" });

/** Whether this browser hands pictures on. On an address without TLS it does not, and there a picture is saved. */
export const canShare = (): boolean =>
  "canShare" in navigator && navigator.canShare({ files: [fileOf(new Blob(), "picture")] });

const frame = (): Promise<number> => new Promise(requestAnimationFrame);

function asText(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("a file that cannot be read"));
    reader.readAsDataURL(blob);
  });
}

const ADDRESS = /url\("?([^")]+)"?\)/;

/** The page's typeface with its file in it: a picture of a page reaches no files. */
async function typeface(): Promise<string> {
  for (const sheet of document.styleSheets) {
    const face = [...sheet.cssRules].find((rule) => rule instanceof CSSFontFaceRule);
    const [, path] = face?.cssText.match(ADDRESS) ?? [];
    if (face === undefined || path === undefined) continue;
    const file = await fetch(new URL(path, sheet.href ?? location.href));
    return face.cssText.replace(ADDRESS, `url("${await asText(await file.blob())}")`);
  }
  return "";
}

/** What an element shows, as a picture. */
async function draw(element: HTMLElement): Promise<Blob> {
  const [{ domToBlob }, cssText] = await Promise.all([import("modern-screenshot"), typeface(), bringBadges()]);
  // Flags that have just come stand with the next frame.
  await frame();
  await Promise.all([...element.querySelectorAll("img")].map((image) => image.decode().catch(() => undefined)));
  // Given no typeface, it would look for one with a style sheet that the page's policy forbids.
  return domToBlob(element, { ...SIZE, font: { cssText } });
}

/** Makes a picture of an element, and gives it away with a text. `name`: of the file, without an ending. */
export async function sharePicture(element: HTMLElement, text: string, name: string): Promise<Left> {
  const file = fileOf(await draw(element), name);
  if (canShare()) {
    try {
      await navigator.share({ files: [file], text });
      return "shared";
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return "kept";
    }
  }
  save(file);
  return "saved";
}
