//! A program of nothing but integer instructions: what a device does of a hash's instructions when they are no hash.

use std::fmt::Write as _;

/// Independent computations of an invocation that measures integers, so that none waits for
/// itself, and few enough for every device's registers.
const STREAMS: usize = 4;
/// Steps of each stream, so that an invocation does about as much as a hash.
const STEPS: usize = 26;
/// Instructions of a step: ten rotations, two shifts, four of three-way xor, a choice, a majority,
/// six additions of three words. They are a round of SHA-256 with its schedule word.
const STEP: usize = 24;
/// Lines of a step.
const LINES: usize = 6;
/// Instructions of an invocation that measures integers.
pub(crate) const INTEGERS: usize = STREAMS * STEPS * STEP;

/// The program, in the language of shaders.
pub(crate) fn integers() -> String {
    let (mut streams, mut steps, mut sum) = (String::new(), String::new(), String::new());
    for stream in 0..STREAMS {
        for (place, word) in ["a", "b", "c"].into_iter().enumerate() {
            let factor = 2 * (3 * stream + place) + 1;
            let _ = writeln!(streams, "    var {word}{stream} = start * {factor}u;");
            let _ = write!(sum, " + {word}{stream}");
        }
    }
    for step in 0..STEPS {
        let k = format!("{:#x}u", 0x428a_2f98 + step);
        let of = |stream| {
            let [a, b, c] = ["a", "b", "c"].map(|word| format!("{word}{stream}"));
            integer_step(&a, &b, &c, &k)
        };
        let streams: Vec<_> = (0..STREAMS).map(of).collect();
        // The streams take turns line by line, for devices that do things in their order.
        for line in 0..LINES {
            for line in streams.iter().filter_map(|lines| lines.get(line)) {
                let _ = writeln!(steps, "    {line}");
            }
        }
    }
    include_str!("integers.wgsl")
        .replace("    //:streams\n", &streams)
        .replace("    //:steps\n", &steps)
        .replace("    //:sum\n", &format!("    let sum = 0u{sum};\n"))
}

/// What [`STEP`] counts, on three words and a constant.
#[allow(
    clippy::many_single_char_names,
    reason = "SHA-256 calls its words a to h"
)]
fn integer_step(a: &str, b: &str, c: &str, k: &str) -> [String; LINES] {
    let rotated = |word: &str, by| format!("(({word} >> {by}u) | ({word} << {}u))", 32 - by);
    let three = |word: &str, [first, second, third]: [u32; 3]| {
        let [x, y, z] = [first, second, third].map(|by| rotated(word, by));
        format!("({x} ^ {y} ^ {z})")
    };
    let two = |word: &str, [first, second, shift]: [u32; 3]| {
        let [x, y] = [first, second].map(|by| rotated(word, by));
        format!("({x} ^ {y} ^ ({word} >> {shift}u))")
    };
    [
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
    ]
}
