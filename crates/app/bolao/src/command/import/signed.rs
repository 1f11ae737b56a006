//! What was signed of a file, and how many more signatures that wants.

use std::collections::BTreeMap;

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
    pub(super) fn add(&mut self, id: String, missing: Missing) {
        self.ids.push(id);
        match missing {
            Missing::More(missing) => *self.missing.entry(missing).or_default() += 1,
            Missing::Anew => self.anew += 1,
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

/// The signatures that a change still wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// So many.
    More(usize),
    /// All of them, once another change of its match has taken effect.
    Anew,
}

/// The same of a schedule and a day of one match that are signed together, of which each alone wants so many more: what takes
/// effect first spends the signatures on the other (rule S8).
pub(super) const fn of_both(schedule: usize, day: usize, quorum: usize) -> [Missing; 2] {
    match (schedule, day) {
        (0, _) => [Missing::More(0), Missing::More(quorum.saturating_sub(1))],
        (_, 0) => [Missing::Anew, Missing::More(0)],
        _ => [Missing::More(schedule), Missing::Anew],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ana signs the teams and the day of a match; Bruno signs both, his teams take effect and spend her day, so that it
    /// stands at one signature of two.
    #[test]
    fn what_takes_effect_first_spends_the_other_signatures() {
        let ana = of_both(1, 1, 2);
        assert_eq!(ana, [Missing::More(1), Missing::Anew]);
        let bruno = of_both(0, 0, 2);
        assert_eq!(bruno, [Missing::More(0), Missing::More(1)]);
        assert_eq!(of_both(0, 0, 1), [Missing::More(0), Missing::More(0)]);
        assert_eq!(of_both(1, 0, 2), [Missing::Anew, Missing::More(0)]);
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
