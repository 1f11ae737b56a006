//! How a failure is told: one sentence and a status.

use std::{
    fmt,
    io::{self, Write as _},
    process::ExitCode,
};

use owo_colors::{OwoColorize as _, Stream};

/// A mistake in the command line that clap cannot see; ends with status 2, as clap's own do.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// A [`Usage`] error.
pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(text.into()))
}

/// Prints an error and gives the status to end with. A reader that has gone, such as `head`, is no error.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let gone = error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    });
    if gone {
        return ExitCode::SUCCESS;
    }
    let label = "error:";
    // Nobody is left to be told if this fails.
    let _ = writeln!(
        io::stderr(),
        "{} {}",
        label.if_supports_color(Stream::Stderr, |text| text.red()),
        sentence(error)
    );
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// An error with its causes on one line; causes that the text above them quotes already are left out.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn causes_are_told_once() {
        let error = anyhow!("no such file").context("cannot read x: no such file");
        assert_eq!(sentence(&error), "cannot read x: no such file");
        let error = anyhow!("no such file").context("cannot read x");
        assert_eq!(sentence(&error), "cannot read x: no such file");
    }
}
