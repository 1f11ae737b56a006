//! The text of the programs that the GPU's driver compiles.

use std::fmt::Write as _;

use super::program::{HEADER_WORDS, Program};

/// Hits that a dispatch can tell one by one.
pub(super) const PLACES: u32 = 256;
/// Invocations that the device schedules together.
pub(super) const GROUP: u32 = 128;
/// Groups of a row: a dispatch may have 65,535 in each dimension.
pub(super) const ROW: u32 = 1 << 15;

/// Independent computations of an invocation that measures integers, so that none waits for
/// itself, and few enough for every device's registers.
const STREAMS: usize = 3;
/// Steps of each stream in a turn of the loop, so that turning does not count.
const UNROLLED: usize = 16;
/// Instructions of a step: ten rotations, two shifts, four of three-way xor, a choice, a majority,
/// six additions of three words. They are a round of SHA-256 with its schedule word.
const STEP: usize = 24;
/// Instructions of a turn of the loop.
pub(super) const TURN: usize = STREAMS * UNROLLED * STEP;

pub(super) fn search(program: &Program) -> String {
    let words = (0..HEADER_WORDS).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "    h{number}: u32,");
        text
    });
    with_constants(include_str!("search.wgsl"))
        .replace("    //:header words\n", &words)
        .replace("    //:steps\n", &program.to_string())
}

pub(super) fn integers() -> String {
    let (mut streams, mut steps, mut sum) = (String::new(), String::new(), String::new());
    for stream in 0..STREAMS {
        for (place, word) in ["a", "b", "c"].into_iter().enumerate() {
            let factor = 2 * (3 * stream + place) + 1;
            let _ = writeln!(streams, "    var {word}{stream} = start * {factor}u;");
            let _ = write!(sum, " + {word}{stream}");
        }
    }
    for step in 0..UNROLLED {
        for stream in 0..STREAMS {
            steps += &integer_step(
                &format!("a{stream}"),
                &format!("b{stream}"),
                &format!("c{stream}"),
                &format!("{:#x}u", 0x428a_2f98 + step),
            );
        }
    }
    with_constants(include_str!("integers.wgsl"))
        .replace("    //:streams\n", &streams)
        .replace("        //:steps\n", &steps)
        .replace("    //:sum\n", &format!("    let sum = 0u{sum};\n"))
}

/// What [`STEP`] counts, on three words and a constant.
fn integer_step(a: &str, b: &str, c: &str, k: &str) -> String {
    let rotated = |word: &str, by| format!("(({word} >> {by}u) | ({word} << {}u))", 32 - by);
    let three = |word: &str, [first, second, third]: [u32; 3]| {
        let [x, y, z] = [first, second, third].map(|by| rotated(word, by));
        format!("({x} ^ {y} ^ {z})")
    };
    let two = |word: &str, [first, second, shift]: [u32; 3]| {
        let [x, y] = [first, second].map(|by| rotated(word, by));
        format!("({x} ^ {y} ^ ({word} >> {shift}u))")
    };
    let lines = [
        format!(
            "{a} = {} + (({a} & {b}) | ({c} & ({a} ^ {b}))) + {k};",
            three(a, [2, 13, 22])
        ),
        format!(
            "{b} = {} + ({c} ^ ({b} & ({a} ^ {c}))) + {k};",
            three(b, [6, 11, 25])
        ),
        format!(
            "{c} = {c} + {} + {};",
            two(a, [7, 18, 3]),
            two(b, [17, 19, 10])
        ),
        format!("{a} = {a} + {b} + {c};"),
        format!("{b} = {b} + {c} + {k};"),
        format!("{c} = {c} + {a} + {k};"),
    ];
    lines
        .iter()
        .fold(String::new(), |text, line| text + "        " + line + "\n")
}

fn with_constants(text: &str) -> String {
    let constants = format!(
        "const PLACES: u32 = {PLACES}u;\nconst GROUP: u32 = {GROUP}u;\nconst ROW: u32 = {ROW}u;\n\n"
    );
    constants + text
}
