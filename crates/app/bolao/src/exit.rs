//! How the program fails: one sentence and a status.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use crate::output::wants_json;
use bolao_fixtures::ImportError;
use bolao_ledger::Reason;
use bolao_terminal::error;
pub(crate) use bolao_terminal::error::{Usage, brief, printable};
use bolao_wallet::InviteError;
use owo_colors::{OwoColorize as _, Stream};

use serde_json::{Value, json};

use crate::{
    home, output,
    source::{ApiError, Unreached},
};

/// The status that shells give a program which wrote to a pipe that nobody reads.
const SIGPIPE: u8 = 128 + 13;

/// A mistake in the command line.
pub(crate) fn usage(text: impl Into<String>) -> anyhow::Error {
    Usage(text.into()).into()
}

/// A refusal before a node was asked, with the code by which a node's answer would name it.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Refused {
    code: &'static str,
    text: String,
}

/// A refusal of the rules, told as a node tells it.
pub(crate) fn refused(reason: Reason, text: impl Into<String>) -> anyhow::Error {
    let code = reason.code();
    coded(code, format!("{} [{code}]", text.into()))
}

/// A refusal that no rule of the pool makes, which programs tell by its code.
pub(crate) fn coded(code: &'static str, text: impl Into<String>) -> anyhow::Error {
    let text = text.into();
    Refused { code, text }.into()
}

/// Codes of a node's answers that no rule of the pool makes, and that tell more than the status.
const ANSWERS: [&str; 1] = ["unknown-invitation"];

/// The stable code of why somebody cannot join, if it has one.
pub(crate) fn code(error: &anyhow::Error) -> Option<&'static str> {
    if let Some(refused) = error.downcast_ref::<Refused>() {
        return Some(refused.code);
    }
    if let Some(invitation) = error.downcast_ref::<InviteError>() {
        return match invitation {
            InviteError::Damaged => Some("bad-invitation"),
            InviteError::Other => Some("other-invitation"),
            _ => None,
        };
    }
    if error.is::<Unreached>() {
        return Some("away");
    }
    let answered = error.downcast_ref::<ApiError>()?.code.as_deref()?;
    let known = Reason::all().map(Reason::code).chain(ANSWERS);
    { known }.find(|code| *code == answered)
}

/// An error with its causes on one line.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    error::sentence(error.as_ref())
}

/// Prints an error and gives the status to end with. A reader that has gone, such as `head`, is told of nothing, and the
/// status is that of a program that SIGPIPE ends: the verdict of `verify` or `audit` was not read to its end.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let gone = error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    });
    if gone {
        return ExitCode::from(SIGPIPE);
    }
    let status = if error.is::<Usage>() { 2 } else { 1 };
    let text = sentence(error);
    let text = home::spelled(&text);
    // Such errors tell line by line. Lines of others might be somebody's who pretends.
    let text = if error.chain().any(<dyn Error>::is::<ImportError>) {
        output::joined(text.lines().map(printable), "\n")
    } else {
        printable(&text)
    };
    let text = brief(&text);
    // If this fails, nobody reads it.
    let _ = if wants_json() {
        writeln!(io::stderr(), "{}", problem(error, &text, status))
    } else {
        let label = "error:";
        let label = label.if_supports_color(Stream::Stderr, |text| text.red());
        let line = format!("{label} {text}");
        let width = output::width().unwrap_or(usize::MAX);
        writeln!(io::stderr(), "{}", output::folded(&line, width))
    };
    ExitCode::from(status)
}

/// An error as the API writes one: a problem of RFC 9457.
fn problem(error: &anyhow::Error, detail: &str, exit: u8) -> Value {
    let answer = error.downcast_ref::<ApiError>();
    let status = answer.map(|answer| answer.status);
    let code = answer.and_then(|answer| answer.code.as_deref());
    let found = error.downcast_ref::<Refused>();
    let code = code.or(found.map(|found| found.code));
    let own = if exit == 2 { "usage" } else { "failed" };
    json!({
        "type": "about:blank",
        "title": status.and_then(|status| status.canonical_reason()).unwrap_or(own),
        "status": status.map(|status| status.as_u16()),
        "detail": detail,
        "code": code.unwrap_or(own),
        "exit": exit,
    })
}

/// The cause of a panic: a fault of ours, if nothing else explains it.
fn told(info: &std::panic::PanicHookInfo<'_>) -> String {
    let said = info.payload_as_str().unwrap_or_default();
    let none_left = ["Resource temporarily unavailable", "Cannot allocate memory"];
    if none_left.iter().any(|system| said.contains(system)) {
        return "this machine has no threads or memory left for the program: end other programs, or raise its limits"
            .to_owned();
    }
    let place = info
        .location()
        .map_or_else(String::new, |place| format!(" at {place}"));
    if place.contains("redb") {
        return format!("the store is damaged{place}: stop the node, then `bolao reindex`");
    }
    format!("a fault in bolao{place}; RUST_BACKTRACE=1 shows more for a report")
}

/// Prints a fault of the program's own as a sentence; the trace comes for whoever asks with `RUST_BACKTRACE=1`.
pub(crate) fn tell_panics_briefly() {
    let full = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        // It becomes an error of the store, which says what to do.
        if bolao_store::is_quiet() {
            return;
        }
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted != "0") {
            full(info);
            return;
        }
        let _ = writeln!(io::stderr(), "error: {}", told(info));
    }));
}
