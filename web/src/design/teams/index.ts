export { Badge, matchName, Team, teamName } from "./Team";
