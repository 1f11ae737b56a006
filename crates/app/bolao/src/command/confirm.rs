//! `--confirm`: signs what another organiser has signed, and nothing that nobody saw before.
//!
//! Whoever signed what waits can put something else in its place at any moment. So nothing is signed by its place in a
//! list: on a terminal it is shown, then asked; elsewhere the command line must say what it is, by its ID or its score.

use std::io::{self, BufRead, Read as _};

use anyhow::bail;
use bolao_ledger::AccountId;
use clap::Args;

use crate::{
    exit::usage,
    output::{self, joined},
    view::Waiting,
    votes::{SignedId, names},
};

/// The longest answer, in bytes.
const MAX_ANSWER: u64 = 256;

/// The flag for what another organiser has signed.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ConfirmArgs {
    /// Signs what another organiser has signed: shows it and asks; ID says which, and is needed without a terminal
    #[arg(long, num_args = 0..=1, require_equals = true, value_name = "ID")]
    #[expect(
        clippy::option_option,
        reason = "clap's way to say that a flag may come with a value"
    )]
    confirm: Option<Option<SignedId>>,
}

impl ConfirmArgs {
    /// Whether the command line has `--confirm`.
    pub(crate) const fn is_given(self) -> bool {
        self.confirm.is_some()
    }

    /// The ID of what is to be signed, where the command line names it.
    pub(crate) fn id(self) -> Option<SignedId> {
        self.confirm.flatten()
    }

    /// Refuses `--yes` where nothing says what is signed. `is_typed` says whether the command line does besides the ID.
    pub(crate) fn refuse_unseen(self, yes: bool, is_typed: bool) -> anyhow::Result<()> {
        if yes && self.is_given() && self.id().is_none() && !is_typed {
            return Err(usage(
                "--yes would sign what you have not seen: say what with --confirm=ID, or leave --yes out and look",
            ));
        }
        Ok(())
    }
}

/// The refusal to sign what nobody has agreed to.
pub(super) fn nobody_to_ask() -> anyhow::Error {
    usage(
        "nobody can be asked without a terminal, or with --json: add --yes to sign, or --dry-run to only look",
    )
}

/// Something that an organiser may sign.
#[derive(Debug)]
pub(crate) struct Candidate<T> {
    pub(crate) id: SignedId,
    pub(crate) signed: T,
    /// In words, with who signed it.
    pub(crate) words: String,
    /// Whether it has one's own signature.
    pub(crate) is_own: bool,
}

impl<T> Candidate<T> {
    /// Something that waits, in these words.
    pub(crate) fn new(waiting: &Waiting, signed: T, words: &str, own: AccountId) -> Self {
        Self {
            id: waiting.content_id(),
            signed,
            words: format!("{words} (signed by {})", names(&waiting.signers)),
            is_own: waiting.is_signed_by(own),
        }
    }
}

/// The kind of the candidates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind<'a> {
    /// `record`, `schedule`.
    pub(crate) word: &'a str,
    /// The command without the code, such as `result`.
    pub(crate) verb: &'a str,
    pub(crate) code: &'a str,
}

impl Kind<'_> {
    /// The one that is meant. `is_stated` says whether the command line says what it is, or somebody is asked before it
    /// is signed.
    pub(crate) fn choose<T>(
        self,
        mut candidates: Vec<Candidate<T>>,
        id: Option<SignedId>,
        is_stated: bool,
    ) -> anyhow::Result<T> {
        let Self { word, code, .. } = self;
        if let Some(id) = id {
            let list = self.list(&candidates);
            candidates.retain(|candidate| candidate.id == id);
            if candidates.is_empty() {
                bail!(
                    "no {word} of {code} with the ID {id} is waiting{}",
                    if list.is_empty() {
                        String::new()
                    } else {
                        format!("; it may have been replaced by: {list}")
                    }
                );
            }
        } else if candidates.iter().any(|candidate| !candidate.is_own) {
            candidates.retain(|candidate| !candidate.is_own);
        }
        let list = self.list(&candidates);
        let Some(chosen) = candidates.pop() else {
            bail!("no {word} of {code} waits for a signature");
        };
        if !candidates.is_empty() {
            return Err(usage(format!(
                "several {word}s of {code} are waiting: {list}. Give the ID of the one you sign"
            )));
        }
        if chosen.is_own {
            bail!(
                "you have signed this {word} of {code} already: {}; another organiser's signature is needed",
                chosen.words
            );
        }
        if !is_stated {
            return Err(usage(format!(
                "say which one you sign, since it may be replaced before you do: {list}"
            )));
        }
        Ok(chosen.signed)
    }

    fn list<T>(self, candidates: &[Candidate<T>]) -> String {
        let Self { verb, code, .. } = self;
        let line = |candidate: &Candidate<T>| {
            let Candidate { id, words, .. } = candidate;
            format!("{words}, which `bolao {verb} {code} --confirm={id}` signs")
        };
        joined(candidates.iter().map(line), "; ")
    }
}

/// An answer on the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    /// Neither: the end of the input, or `q`.
    Quit,
}

/// Asks on the terminal until there is an answer.
pub(crate) fn ask(question: &str) -> anyhow::Result<Answer> {
    answer(&mut io::stdin().lock(), &mut io::stderr(), question)
}

fn answer(
    input: &mut impl BufRead,
    screen: &mut impl io::Write,
    question: &str,
) -> anyhow::Result<Answer> {
    loop {
        write!(screen, "{question} ")?;
        screen.flush()?;
        let mut line = String::new();
        if input.by_ref().take(MAX_ANSWER).read_line(&mut line)? == 0 {
            writeln!(screen)?;
            return Ok(Answer::Quit);
        }
        match line.trim().to_lowercase().as_str() {
            "y" | "yes" => return Ok(Answer::Yes),
            "n" | "no" => return Ok(Answer::No),
            "q" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

/// Asks whether to sign what was just shown.
pub(crate) fn agreed() -> anyhow::Result<bool> {
    let agreed = ask("Sign it? [y/n]")? == Answer::Yes;
    if !agreed {
        output::hint("Nothing was signed.");
    }
    Ok(agreed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::{MatchNo, Outcome};

    use super::*;

    fn candidate(score: &str, is_own: bool) -> Candidate<String> {
        Candidate {
            id: SignedId::of_record(MatchNo(1), &Outcome::played(score.parse().unwrap())),
            signed: score.to_owned(),
            words: format!("{score} (signed by ana)"),
            is_own,
        }
    }

    fn choose(
        candidates: Vec<Candidate<String>>,
        id: Option<SignedId>,
        is_stated: bool,
    ) -> Result<String, String> {
        let kind = Kind {
            word: "record",
            verb: "result",
            code: "PtCh",
        };
        let chosen = kind.choose(candidates, id, is_stated);
        chosen.map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_signed_that_was_not_told() {
        let (one, other) = (|| candidate("3-1", false), || candidate("1-3", false));
        let (first, second) = (one().id, other().id);
        assert_eq!(choose(vec![one()], None, true), Ok("3-1".to_owned()));
        assert_eq!(
            choose(vec![one(), other()], Some(second), true),
            Ok("1-3".to_owned())
        );
        let error = choose(vec![one()], None, false).unwrap_err();
        assert!(error.contains(&format!("--confirm={first}")), "{error}");
        let error = choose(vec![one(), other()], None, true).unwrap_err();
        assert!(
            error.contains("several") && error.contains(&format!("--confirm={second}")),
            "{error}"
        );
        let own = || candidate("0-0", true);
        assert_eq!(choose(vec![own(), one()], None, true), Ok("3-1".to_owned()));
        assert!(choose(vec![own(), one()], Some(own().id), true).is_err());
        // It was another when he looked.
        let error = choose(vec![one()], Some(second), true).unwrap_err();
        assert!(error.contains("replaced"), "{error}");
        let error = choose(Vec::new(), Some(second), true).unwrap_err();
        assert!(error.contains("no record of PtCh"), "{error}");
        let error = choose(vec![candidate("3-1", true)], None, true).unwrap_err();
        assert!(error.contains("signed this record"), "{error}");
    }

    #[test]
    fn only_yes_is_yes() {
        for (text, wanted) in [
            ("y\n", Answer::Yes),
            ("what?\n\n YES \n", Answer::Yes),
            ("n\ny\n", Answer::No),
            ("q\n", Answer::Quit),
            ("", Answer::Quit),
            ("maybe", Answer::Quit),
        ] {
            let mut screen = Vec::new();
            let got = answer(&mut text.as_bytes(), &mut screen, "Sign it?").unwrap();
            assert_eq!(got, wanted, "{text:?}");
            assert!(screen.starts_with(b"Sign it? "));
        }
    }
}
