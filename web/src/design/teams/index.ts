export { Badge, Team, teamName } from "./Team";
