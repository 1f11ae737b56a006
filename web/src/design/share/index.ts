export { MatchPicture, type Revealed } from "./MatchPicture";
export { Picture } from "./Picture";
export { ShareButton } from "./ShareButton";
export { TablePicture, type PictureLine } from "./TablePicture";
export { TipsPicture, type RevealedTip } from "./TipsPicture";
