//! What JavaScript calls.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::Session;

/// A [`Session`] of a page's worker.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Rules(Session);

#[wasm_bindgen]
impl Rules {
    /// Nothing is known yet.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers a question: JSON for JSON.
    pub fn ask(&mut self, question: &str) -> String {
        self.0.answer(question)
    }

    /// Takes a piece of the part of the chain that is being read, and says how far that is.
    pub fn feed(&mut self, piece: &[u8]) -> String {
        self.0.feed(piece)
    }

    /// Reads who made and confirmed a block from what a node sends of it.
    pub fn read_block(&self, height: u32, part: &[u8]) -> String {
        self.0.read_block(height, part)
    }

    /// Goes on from what was kept on an earlier visit, if it is good.
    pub fn recall(&mut self, kept: &[u8]) -> bool {
        self.0.recall(kept)
    }

    /// Keeps blocks, and replays them on the next visit, where others may write on this device.
    pub fn keep_blocks(&mut self) {
        self.0.keep_blocks();
    }

    /// The bytes to keep for the next visit; none where that is not worth it.
    pub fn keep(&mut self, leaving: bool) -> Vec<u8> {
        self.0.keep(leaving)
    }
}
