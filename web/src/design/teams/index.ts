export { teamInSentence } from "./article";
export { useColours } from "./colours";
export { Badge, matchName, Team, teamName } from "./Team";
