//! Templates of which the threads may have a solution.
//!
//! Beside the one that is searched it is the one that was searched before on the same tip: a thread that had it at hand may
//! still solve it, with what waited then. On a GPU that is one block in some twenty while transactions come.

use bolao_chain::Template;

/// Where a template stands in the chain.
pub(super) trait OnTip {
    fn is_on_the_tip_of(&self, other: &Self) -> bool;
}

impl OnTip for Template {
    fn is_on_the_tip_of(&self, other: &Self) -> bool {
        self.header.previous() == other.header.previous()
    }
}

#[derive(Debug)]
pub(super) struct Searched<T> {
    last: u64,
    now: Option<(u64, T)>,
    before: Option<(u64, T)>,
}

impl<T: OnTip> Searched<T> {
    pub(super) const fn new() -> Self {
        Self {
            last: 0,
            now: None,
            before: None,
        }
    }

    /// The one that is searched now.
    pub(super) fn now(&self) -> Option<&T> {
        self.now.as_ref().map(|(_, template)| template)
    }

    /// Goes over to another; gives its number.
    pub(super) fn set(&mut self, template: T) -> u64 {
        self.last += 1;
        let is_useful = |(_, before): &(u64, T)| before.is_on_the_tip_of(&template);
        self.before = self.now.take().filter(is_useful);
        self.now = Some((self.last, template));
        self.last
    }

    /// That of a solution. From then on none is searched, for its block would be a sibling.
    pub(super) fn solved(&mut self, number: u64) -> Option<T> {
        let is_it = |searched: &mut (u64, T)| searched.0 == number;
        let found = self.now.take_if(is_it);
        let (_, template) = found.or_else(|| self.before.take_if(is_it))?;
        self.clear();
        Some(template)
    }

    pub(super) fn clear(&mut self) {
        (self.now, self.before) = (None, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its tip and its transactions.
    type Short = (u8, u8);

    impl OnTip for Short {
        fn is_on_the_tip_of(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }

    #[test]
    fn what_was_searched_before_on_the_tip_may_be_solved_and_ends_the_search() {
        let mut searched = Searched::new();
        let first = searched.set((1, 0));
        let second = searched.set((1, 1));
        assert_eq!(searched.now(), Some(&(1, 1)));
        assert_eq!(searched.solved(first), Some((1, 0)));
        assert_eq!(searched.now(), None);
        assert_eq!(searched.solved(second), None);
    }

    #[test]
    fn a_solution_ends_what_was_searched_before() {
        let mut searched = Searched::new();
        let first = searched.set((1, 0));
        let second = searched.set((1, 1));
        assert_eq!(searched.solved(second), Some((1, 1)));
        assert_eq!(searched.solved(second), None);
        assert_eq!(searched.solved(first), None);
    }

    #[test]
    fn another_tip_or_an_end_makes_the_older_useless() {
        let mut searched = Searched::new();
        let first = searched.set((1, 0));
        let second = searched.set((2, 0));
        assert_eq!(searched.solved(first), None);
        assert_eq!(searched.now(), Some(&(2, 0)));
        searched.clear();
        assert_eq!(searched.solved(second), None);
    }
}
