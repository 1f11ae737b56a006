//! Wires between machines, each of which takes a while and can be cut, in either direction: see `wires.py`.

use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, ChildStdout, Stdio},
    time::Duration,
};

use crate::networks::lab::Lab;

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faults/wires.py");

/// The program that carries frames from machine to machine. Ended when dropped.
pub(super) struct Wires {
    program: Child,
    answers: BufReader<ChildStdout>,
}

impl Wires {
    /// Wires of a lab whose machines are on no switch; none leads anywhere yet.
    pub(super) fn new(lab: &Lab) -> Self {
        let mut program = lab.program_at_the_switch("python3");
        let devices = (0..lab.machines()).map(|machine| format!("v{machine}"));
        let mut program = program
            .arg(PROGRAM)
            .args(devices)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(program.stdout.take().unwrap());
        Self { program, answers }
    }

    /// Sets for each pair how long the first machine's frames take to the second; without a delay they are lost.
    pub(super) fn set(&mut self, ways: &[(usize, usize)], delay: Option<Duration>) {
        let mut line = String::new();
        let delay = delay.map_or("-".to_owned(), |it| it.as_millis().to_string());
        for (from, to) in ways {
            write!(line, "v{from} v{to} {delay} ").unwrap();
        }
        let input = self.program.stdin.as_mut().unwrap();
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        assert_eq!(answer, "done\n", "the wires are gone");
    }
}

impl Drop for Wires {
    fn drop(&mut self) {
        drop(self.program.stdin.take());
        let _ = self.program.wait();
    }
}
