#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::HashSet;

use proptest::{collection::vec, prelude::*};

use super::{
    super::sha256::{INITIAL_STATE, K},
    Value::{Nonce, Step as Of},
    *,
};
use bolao_work::sha256d;

fn run(program: &Program, words: &[u32], nonce: u32) -> u32 {
    let mut done = Vec::new();
    let mut result = program.result;
    for step in &program.steps {
        let of = |value| match value {
            Value::Nonce => nonce,
            Value::Literal(word) => word,
            Value::Header(number) => words[number],
            Value::Step(number) => done[number],
        };
        let word = match *step {
            Step::Add(a, b) => of(a).wrapping_add(of(b)),
            Step::Xor(a, b) => of(a) ^ of(b),
            Step::RotateRight(a, by) => of(a).rotate_right(by),
            Step::ShiftRight(a, by) => of(a) >> by,
            Step::Choose(a, b, c) => (of(a) & of(b)) | (!of(a) & of(c)),
            Step::Majority(a, b, c) => (of(a) & of(b)) ^ (of(a) & of(c)) ^ (of(b) & of(c)),
        };
        done.push(word);
        result = program.result;
    }
    match result {
        Value::Step(number) => done[number],
        other => panic!("the result is no step but {other:?}"),
    }
}

proptest! {
    #[test]
    fn the_steps_give_the_top_word_of_the_double_hash(header in vec(any::<u8>(), 80)) {
        let header: [u8; 80] = header.try_into().unwrap();
        let words = Program::words(&SearchHeader::new(&header, [0; 32]));
        let nonce = u32::from_be_bytes(header[76..].try_into().unwrap());
        let word = run(&Program::record(), &words, nonce).wrapping_add(INITIAL_STATE[7]);
        prop_assert_eq!(&word.to_be_bytes(), &sha256d(&header)[28..]);
    }

    /// A value that changes with the header and is no word that the device gets would stand as a number in the steps.
    #[test]
    fn every_header_gives_the_same_steps(header in vec(any::<u8>(), 80)) {
        let header = header.try_into().unwrap();
        prop_assert_eq!(Program::record_of(&header).to_string(), Program::record().to_string());
    }
}

#[test]
fn the_known_words_differ() {
    let words = Program::words(&SearchHeader::new(&KNOWN, [0; 32]));
    assert_eq!(words.iter().collect::<HashSet<_>>().len(), HEADER_WORDS);
    assert!(words.iter().all(|word| !K.contains(word)));
}

#[test]
fn three_operands_make_one_instruction_of_two_steps() {
    let program = |steps| Program {
        steps,
        result: Value::Step(3),
    };
    // n + n + n, + n + n: two instructions.
    let chain = (0..4).map(|i| Step::Add(if i == 0 { Nonce } else { Of(i - 1) }, Nonce));
    assert_eq!(program(chain.collect()).instructions(), 2);
    // The first sum is used twice, so it is an instruction of its own.
    let shared = vec![
        Step::Add(Nonce, Nonce),
        Step::Add(Of(0), Nonce),
        Step::Xor(Of(0), Nonce),
        Step::Xor(Of(1), Of(2)),
    ];
    assert_eq!(program(shared).instructions(), 3);
}

#[test]
fn no_more_is_done_than_the_document_says() {
    let program = Program::record();
    assert_eq!(
        (program.steps.len(), program.instructions()),
        (3_238, 2_441),
        "docs/MINING.md has these figures"
    );
}
