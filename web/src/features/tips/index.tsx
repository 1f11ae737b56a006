import { createLazyRoute } from "@tanstack/react-router";

import { Tips } from "./Tips";

export const Route = createLazyRoute("/")({ component: Tips });
