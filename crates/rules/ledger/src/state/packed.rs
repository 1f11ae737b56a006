//! Entries that hold many short things each: one of its own for each would be mostly key.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};

use super::entries::HistoryEntry;
use crate::fixture::MatchNo;

/// The number of lines of a history in one entry.
const LINES: u64 = 16;
/// The number of matches in one set.
const MATCHES: u16 = 64;

/// Lines of a player's history, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryPage(pub Vec<HistoryEntry>);

impl HistoryPage {
    /// The page that holds a line, and the line's place on it.
    #[must_use]
    pub fn place(line: u64) -> (u64, usize) {
        let place = usize::try_from(line % LINES).unwrap_or(usize::MAX);
        (line / LINES, place)
    }
}

/// One line after the other to the end, so that what is added leaves all before it as it was.
impl BorshSerialize for HistoryPage {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        self.0.iter().try_for_each(|line| line.serialize(writer))
    }
}

impl BorshDeserialize for HistoryPage {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let (mut rest, mut lines) = (bytes.as_slice(), Vec::new());
        while !rest.is_empty() {
            lines.push(HistoryEntry::deserialize(&mut rest)?);
        }
        Ok(Self(lines))
    }
}

/// Some of 64 matches with neighbouring numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct MatchSet(u64);

impl MatchSet {
    /// The number of the set that a match belongs to.
    #[must_use]
    pub const fn part(no: MatchNo) -> u16 {
        no.0 / MATCHES
    }

    /// With one match more.
    #[must_use]
    pub const fn with(self, no: MatchNo) -> Self {
        Self(self.0 | 1 << (no.0 % MATCHES))
    }

    /// The matches of a part, in order of their numbers.
    pub fn matches(self, part: u16) -> impl Iterator<Item = MatchNo> {
        let first = part.saturating_mul(MATCHES);
        (0..MATCHES)
            .filter(move |bit| self.0 >> bit & 1 == 1)
            .map(move |bit| MatchNo(first.saturating_add(bit)))
    }

    /// The number of matches in the set.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::AccountId,
        codec::encode,
        memory::MemoryState,
        state::{BetsByAccount, StateView as _, key_bytes},
    };

    #[test]
    fn matches_are_paged_over_sets() {
        let (account, mut state) = (AccountId([7; 32]), MemoryState::default());
        for (part, numbers) in [(0, [0, 63]), (1, [64, 70]), (3, [200, 201])] {
            let set = numbers
                .iter()
                .fold(MatchSet::default(), |set, no| set.with(MatchNo(*no)));
            let key = key_bytes::<BetsByAccount>(&(account, part));
            state.entries.insert(key, encode(&set));
        }
        let page = |after: Option<u16>, limit| {
            let page = state.matches_of(&account, after.map(MatchNo), limit);
            page.map(|page| page.into_iter().map(|no| no.0).collect::<Vec<_>>())
        };
        assert_eq!(page(None, 3), Ok(vec![0, 63, 64]));
        assert_eq!(page(Some(0), 1), Ok(vec![63]));
        assert_eq!(page(Some(63), 2), Ok(vec![64, 70]));
        assert_eq!(page(Some(64), 9), Ok(vec![70, 200, 201]));
        assert_eq!(page(Some(150), 1), Ok(vec![200]));
        assert_eq!(page(Some(201), 1), Ok(vec![]));
    }

    #[test]
    fn a_set_holds_its_matches_and_no_other() {
        let numbers = [0, 1, 63, 64, 127, 128, 65_535].map(MatchNo);
        for no in numbers {
            let set = MatchSet::default().with(no).with(no);
            assert_eq!(set.count(), 1);
            assert!(set.matches(MatchSet::part(no)).eq([no]));
        }
    }

    #[test]
    fn lines_follow_on_one_another_over_pages() {
        let places: Vec<(u64, usize)> = (14..18).map(HistoryPage::place).collect();
        assert_eq!(places, [(0, 14), (0, 15), (1, 0), (1, 1)]);
    }
}
