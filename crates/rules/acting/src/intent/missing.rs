//! The signatures that are missing of what an organiser signs at once.

/// The signatures that a change still wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// So many.
    More(usize),
    /// All of them, once another change of its match has taken effect.
    Anew,
}

/// The same of a schedule and a day of one match that are signed together, of which each alone wants so many more: what takes
/// effect first spends the signatures on the other.
///
/// # Rule S8: a change of a match that takes effect uses up what was signed of it.
#[must_use]
pub const fn of_both(schedule: usize, day: usize, quorum: usize) -> [Missing; 2] {
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
    }
}
