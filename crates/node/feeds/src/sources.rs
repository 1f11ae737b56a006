//! The lists that are read beside a pool.

use std::{collections::BTreeMap, sync::Arc};

use bolao_answers::body::moments;
use bolao_fixtures::{Competition, LiveScore, ProposedScore, pool};
use bolao_ledger::{MatchNo, Outcome, Score, UnixSeconds};

use serde::{Deserialize, Serialize};

use crate::{
    Judged, Source,
    verdict::{Seen, Word, judge, plain},
};

/// The most reads of a result that are remembered: with one every five minutes, five hours of them.
const MAX_READS: usize = 60;
/// The shortest time between two of them but the last, in seconds: a file is read more often.
const READS_APART_S: u64 = 60;
/// The longest time for which a live score is one without news of it, in seconds.
const LIVE_S: u64 = 15 * 60;
/// The longest time after kick-off for which a score may be live, in seconds.
const LIVE_AT_MOST_S: u64 = 4 * 3_600;

/// The lists that are read beside a pool. The first also tells moved kick-offs, teams and new matches.
#[derive(Debug, Default)]
pub struct Sources(Vec<(Source, Entry)>);

/// The words of sources so far. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Told(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    heard: Heard,
    /// The list as it was compared last, in the pool's spelling.
    list: Option<Arc<Competition>>,
    /// For each of its matches the pool's number.
    numbers: Vec<Option<MatchNo>>,
    seen: BTreeMap<MatchNo, Seen>,
}

/// A list that a node reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(as = SourceBody))]
pub struct Heard {
    /// Its host or its file.
    pub name: String,
    /// Its own name of the competition; `null` before it was read.
    pub competition: Option<String>,
    /// When it was heard last.
    #[serde(rename = "heard", default, with = "moments::option")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, format = DateTime))]
    pub at: Option<UnixSeconds>,
    /// The reason why the last read failed, a sentence, if it did.
    pub problem: Option<String>,
    /// When it is read again.
    #[serde(with = "moments")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub next: UnixSeconds,
    /// The number of its matches.
    pub matches: usize,
    /// The number of them that are the pool's.
    pub known: usize,
}

impl Sources {
    /// Of these lists. Those that would have one name are numbered: what one says is not the other's.
    #[must_use]
    pub fn new(mut sources: Vec<Source>) -> Self {
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for source in &mut sources {
            let count = names.entry(source.name().to_owned()).or_default();
            *count += 1;
            if *count > 1 {
                let name = format!("{} ({count})", source.name());
                source.rename(name);
            }
        }
        let entry = |source: Source| {
            let entry = Entry {
                heard: heard(&source, &[]),
                list: None,
                numbers: Vec::new(),
                seen: BTreeMap::new(),
            };
            (source, entry)
        };
        Self(sources.into_iter().map(entry).collect())
    }

    /// Reads those that it is time for, one after another; whether any was read.
    pub async fn read(&mut self, known: &[pool::Known], now: UnixSeconds) -> bool {
        let mut any = false;
        for (source, entry) in &mut self.0 {
            let before = source.next();
            if source.read(now).await
                && let Some(list) = source.list()
            {
                entry.compare(Competition::clone(list), known, now);
            }
            any |= source.next() != before;
            entry.heard = heard(source, &entry.numbers);
        }
        any
    }

    /// The times by the clocks of the servers that were read, each with the server's name; once.
    pub fn take_dates(&mut self) -> impl Iterator<Item = (String, UnixSeconds)> {
        let all = self.0.iter_mut();
        all.flat_map(|(source, _)| source.take_dates())
    }

    /// Their words so far.
    #[must_use]
    pub fn told(&self) -> Told {
        Told(self.0.iter().map(|(_, entry)| entry.clone()).collect())
    }
}

fn heard(source: &Source, numbers: &[Option<MatchNo>]) -> Heard {
    Heard {
        name: source.name().to_owned(),
        competition: source.list().map(|list| list.name.clone()),
        at: source.heard(),
        problem: source.problem().map(str::to_owned),
        next: source.next(),
        matches: numbers.len(),
        known: numbers.iter().flatten().count(),
    }
}

impl Told {
    /// The last news of each.
    pub fn heard(&self) -> impl Iterator<Item = &Heard> {
        self.0.iter().map(|entry| &entry.heard)
    }

    /// The verdicts on the results that sources give beyond the records that stand. `all_must_know`: each source that lists a
    /// match must have its score.
    #[must_use]
    pub fn judged(
        &self,
        known: &[pool::Known],
        all_must_know: bool,
        now: UnixSeconds,
    ) -> Vec<Judged> {
        let judged = known.iter().filter_map(|known| {
            let no = known.fixture.no;
            let words: Vec<Word<'_>> = self
                .0
                .iter()
                .map(|entry| Word {
                    name: entry.heard.name.as_str(),
                    lists: entry.list.is_none() || entry.numbers.contains(&Some(no)),
                    seen: entry.seen.get(&no),
                })
                .collect();
            judge(known, &words, all_must_know, now)
        });
        judged.collect()
    }

    /// The first list as it may be signed: without matches that have begun and are none of the pool's, and with those scores alone
    /// that may be.
    #[must_use]
    pub fn to_sign(&self, known: &[pool::Known], now: UnixSeconds) -> Option<Competition> {
        let first = self.0.first()?;
        let mut list = Competition::clone(first.list.as_deref()?);
        let judged = self.judged(known, false, now);
        for (game, no) in list.matches.iter_mut().zip(&first.numbers) {
            let own = judged.iter().find(|judged| Some(judged.no) == *no);
            let ready = own.filter(|judged| judged.why.is_none());
            let ready = ready.and_then(|judged| judged.outcome.as_ref());
            game.proposal = ready.map(proposed);
        }
        let is_known = |at: usize| first.numbers.get(at).is_some_and(Option::is_some);
        list.drop_begun(now, is_known);
        Some(list)
    }

    /// The scores of matches that are played, each with its source's name.
    #[must_use]
    pub fn live(&self, known: &[pool::Known], now: UnixSeconds) -> Vec<(MatchNo, LiveScore, &str)> {
        let mut live: BTreeMap<MatchNo, (LiveScore, &str)> = BTreeMap::new();
        for entry in &self.0 {
            let is_news = |at: UnixSeconds| now.0.saturating_sub(at.0) <= LIVE_S;
            let Some(list) = entry
                .list
                .as_deref()
                .filter(|_| entry.heard.at.is_some_and(is_news))
            else {
                continue;
            };
            for (game, no) in list.matches.iter().zip(&entry.numbers) {
                let Some((no, score)) = no.zip(game.live) else {
                    continue;
                };
                let mut known = known.iter();
                let is_played = known.any(|known| known.fixture.no == no && is_on(known, now));
                if is_played {
                    live.entry(no).or_insert((score, entry.heard.name.as_str()));
                }
            }
        }
        let live = live.into_iter();
        live.map(|(no, (score, name))| (no, score, name)).collect()
    }
}

/// Whether a match may be played now: it has kicked off, not long ago, and has no record.
fn is_on(known: &pool::Known, now: UnixSeconds) -> bool {
    let kickoff = known.fixture.kickoff.filter(|_| known.record.is_none());
    kickoff.is_some_and(|at| at <= now && now.0 - at.0 <= LIVE_AT_MOST_S)
}

impl Entry {
    /// Compares what was read with the pool, and notes since when its results are the same.
    fn compare(&mut self, read: Competition, known: &[pool::Known], now: UnixSeconds) {
        let (list, partners) = pool::beside(read, known);
        let number = |at: Option<usize>| Some(known.get(at?)?.fixture.no);
        let own = |no: MatchNo| known.iter().find(|known| known.fixture.no == no);
        self.numbers = partners.into_iter().map(number).collect();
        let mut before = std::mem::take(&mut self.seen);
        for (game, no) in list.matches.iter().zip(&self.numbers) {
            let (Some(no), Some(outcome)) = (no, pool::outcome(game)) else {
                continue;
            };
            let outcome = outcome.map(|outcome| match own(*no) {
                Some(own) => own.decided(plain(outcome), known),
                None => plain(outcome),
            });
            let kickoff = game.kickoff.and_then(|at| u64::try_from(at.0).ok());
            let same = before.remove(no).filter(|seen| seen.outcome == outcome);
            let reads = same.map_or_else(Vec::new, |seen| seen.reads);
            let seen = Seen {
                outcome,
                reads: with(reads, now),
                kickoff: kickoff.map(UnixSeconds),
            };
            self.seen.insert(*no, seen);
        }
        self.list = Some(Arc::new(list));
    }
}

/// The reads of a result with another one, which takes the last one's place where that came soon after the one before.
fn with(mut reads: Vec<UnixSeconds>, now: UnixSeconds) -> Vec<UnixSeconds> {
    if let [.., before, last] = reads[..]
        && last.0.saturating_sub(before.0) < READS_APART_S
    {
        reads.pop();
    }
    if reads.len() >= MAX_READS {
        reads.remove(0);
    }
    reads.push(now);
    reads
}

/// A record as a list's score.
fn proposed(outcome: &Outcome) -> ProposedScore {
    let goals = |score: Option<Score>| score.map(|score| [score.home(), score.away()]);
    ProposedScore {
        ht: None,
        ft: goals(outcome.after_90),
        et: goals(outcome.after_120),
        p: goals(outcome.shootout),
    }
}
