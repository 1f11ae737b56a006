/** Where `count` computers stand around the one in the middle, in a box of `width` by `height`. */
export function circle(count: number, width: number, height: number, margin: number): { x: number; y: number }[] {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
    return {
      x: width / 2 + Math.cos(angle) * (width / 2 - margin),
      y: height / 2 + Math.sin(angle) * (height / 2 - margin),
    };
  });
}
