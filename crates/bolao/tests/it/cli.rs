//! Commands that need no running node.
