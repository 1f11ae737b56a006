export { teamInSentence } from "./article";
export { coloursOf } from "./colours";
export { Badge, matchName, Team, teamName } from "./Team";
