//! Jobs for miners, the node's own and others', and blocks that close a kick-off.

pub(crate) mod jobs;
pub(crate) mod mining;
pub(crate) mod outside;
pub(crate) mod sealing;
