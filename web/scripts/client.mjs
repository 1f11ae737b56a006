// Writes the types of the node's API from its description, as a test of crates/node/api keeps it: page and API cannot drift.
import { readFileSync, writeFileSync } from "node:fs";

import openapiTS, { astToString } from "openapi-typescript";

const kept = new URL(
  "../../crates/node/api/tests/it/snapshots/it__openapi__the_description_changes_only_on_purpose.snap",
  import.meta.url,
);
const [, , description] = readFileSync(kept, "utf8").split(/^---$/m);
const types = await openapiTS(JSON.parse(description), { alphabetize: true, defaultNonNullable: false });
writeFileSync(new URL("../src/node/schema.d.ts", import.meta.url), astToString(types));
