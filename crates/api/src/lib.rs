//! The node's HTTP faces: v1, the articles' classic routes, OpenAPI, events.
