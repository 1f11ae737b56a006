//! The text of the programs that the GPU's driver compiles.

use std::fmt::Write as _;

use bolao_miner::Program;

/// Hits that a dispatch can tell one by one.
pub(crate) const PLACES: u32 = 256;
/// Invocations that the device schedules together.
pub(crate) const GROUP: u32 = 128;
/// Groups of a row: a dispatch may have 65,535 in each dimension.
pub(crate) const ROW: u32 = 1 << 15;

pub(crate) fn search(program: &Program) -> String {
    let words = (0..Program::WORDS).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "    h{number}: u32,");
        text
    });
    with_prelude(include_str!("search.wgsl"))
        .replace("    //:header words\n", &words)
        .replace("    //:steps\n", &program.to_string())
}

/// Puts what every program begins with before a text: its constants, and where its words come from and its hits go to.
pub(crate) fn with_prelude(text: &str) -> String {
    format!(
        "const PLACES: u32 = {PLACES}u;\nconst GROUP: u32 = {GROUP}u;\nconst ROW: u32 = {ROW}u;\n\n{}\n{text}",
        include_str!("prelude.wgsl")
    )
}
