//! What was signed of a file, and how many more signatures that wants.

use std::collections::BTreeMap;

use bolao_acting::Missing;

use crate::output::count;

/// The signatures that were sent.
#[derive(Default)]
pub(super) struct Signed {
    pub(super) ids: Vec<String>,
    pub(super) refused: usize,
    /// The number of changes that want so many more signatures.
    pub(super) missing: BTreeMap<usize, usize>,
    /// The number that want all of them anew, once another change of their match takes effect.
    pub(super) anew: usize,
}

impl Signed {
    /// One more that was sent.
    pub(super) fn add(&mut self, id: String, missing: Option<Missing>) {
        self.ids.push(id);
        match missing {
            Some(Missing::More(missing)) => *self.missing.entry(missing).or_default() += 1,
            Some(Missing::Anew) => self.anew += 1,
            None => {}
        }
    }

    /// The effect of what was signed, in sentences.
    pub(super) fn effect(&self) -> Vec<String> {
        let missing = self.missing.iter().map(|(missing, changes)| {
            let (changes, is_one) = (*changes, *changes == 1);
            let what = count(changes, "change", "changes");
            match missing {
                0 => format!(
                    "{what} {} enough signatures with it and {} effect with the next block.",
                    if is_one { "has" } else { "have" },
                    if is_one { "takes" } else { "take" },
                ),
                1 => format!(
                    "{what} {} for one more organiser, who runs the same command with the same file.",
                    if is_one { "waits" } else { "wait" },
                ),
                more => format!(
                    "{what} {} for {more} more organisers, who run the same command with the same file.",
                    if is_one { "waits" } else { "wait" },
                ),
            }
        });
        let mut sentences: Vec<String> = missing.collect();
        if self.anew > 0 {
            sentences.push(format!(
                "{} of a match for which another takes effect first and uses up the signatures: run the same command \
                again then.",
                count(self.anew, "change is", "changes are")
            ));
        }
        sentences
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_anew_is_told_last() {
        let signed = Signed {
            missing: [(1, 1)].into(),
            anew: 1,
            ..Signed::default()
        };
        let [one, other] = &signed.effect()[..] else {
            panic!("{:?}", signed.effect());
        };
        assert!(one.starts_with("1 change waits for one more"), "{one}");
        assert!(
            other.ends_with("run the same command again then."),
            "{other}"
        );
    }
}
