export { LinesPicture } from "./LinesPicture";
export { Picture } from "./Picture";
export { ShareButton } from "./ShareButton";
export { ShareMatch } from "./ShareMatch";
export { ShareTable } from "./ShareTable";
export { TipsPicture, type RevealedTip } from "./TipsPicture";
