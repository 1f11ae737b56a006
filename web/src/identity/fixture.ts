import type { Shapes } from "../node/client";
import type { Fixture } from "../rules";
import { seconds } from "../words/time";

const team = ({ name, code }: Shapes["TeamBody"]): Fixture["home"] => (code == null ? { name } : { name, code });

/** A match as the node says it, as it is signed to the letter. */
export const scheduled = (body: Shapes["FixtureBody"]): Fixture => ({
  no: body.no,
  code: body.code,
  home: team(body.home),
  away: team(body.away),
  kickoff: body.kickoff == null ? null : seconds(body.kickoff),
  stage: body.stage,
});
