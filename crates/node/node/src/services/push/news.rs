//! What has become of a pool since the last look, for each who is told.

use std::collections::BTreeMap;

use bolao_answers::{Game, Scope, Table};
use bolao_ledger::{AccountId, Genesis, Item, MatchNo, Rules, StateView as _, UnixSeconds};
use bolao_store::{Snapshot, StoreError};
use bolao_wallet::PushAddress;
use serde::{Deserialize, Serialize};

use crate::services::missing_tips::{closing, missing};

/// The time before betting on a match ends at which a missing tip is told, in seconds.
const NEAR: u64 = 2 * 3_600;
const DAY: u64 = 24 * 3_600;
/// The most matches of one message, which push services take up to 4 KiB of.
const MOST_MATCHES: usize = 6;

/// Whom to tell, and what was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The records as they were at the last look; empty where nobody is told.
    pub(super) results: Results,
    pub(super) subscribers: Vec<Subscriber>,
}

/// A browser that is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subscriber {
    pub(super) player: AccountId,
    pub(super) address: PushAddress,
    /// Numbers of whatever begins soon and it was told of that a tip is missing.
    pub(super) told: Vec<MatchNo>,
    /// Whether its player led at the last look.
    pub(super) leads: bool,
}

/// By match: how many records it ever had, and objections to them.
pub(super) type Results = BTreeMap<MatchNo, (u32, u32)>;

/// A message, worded by the page's service worker (`web/src/sw.js`).
#[derive(Clone, Debug, Serialize)]
pub(super) struct News {
    kind: Kind,
    /// The pool's name.
    pool: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matches: Vec<MatchNews>,
    /// The link that somebody else opens, or could.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// Matches besides those.
    #[serde(skip_serializing_if = "is_none")]
    more: usize,
    /// The time in which it is of use, in seconds.
    #[serde(skip)]
    pub(super) good_for_s: u64,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Betting ends soon, and there is no bet.
    NoTip,
    Result,
    Objection,
    Lead,
    /// Somebody between a link and its node opens what is sent.
    Link,
    /// Somebody else has a certificate for a link's name.
    Certificate,
}

#[derive(Clone, Debug, Serialize)]
struct MatchNews {
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    away: Option<String>,
    /// The title of what is no match.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<String>,
    /// The end of betting, in unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<UnixSeconds>,
}

impl MatchNews {
    fn of(item: &Item) -> Self {
        let teams = item.title.teams();
        let [home, away] = [0, 1].map(|side| Some(teams?.get(side)?.name.to_string()));
        Self {
            code: item.code.to_string(),
            title: teams.is_none().then(|| item.title.to_string()),
            home,
            away,
            score: None,
            closes: None,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
const fn is_none(more: &usize) -> bool {
    *more == 0
}

impl News {
    fn of(kind: Kind, genesis: &Genesis, mut matches: Vec<MatchNews>, good_for_s: u64) -> Self {
        let more = matches.len().saturating_sub(MOST_MATCHES);
        matches.truncate(MOST_MATCHES);
        Self {
            kind,
            pool: genesis.name.to_string(),
            matches,
            link: None,
            more,
            good_for_s,
        }
    }

    /// The news that a link shows another key than its own node's, or that a log lists a certificate with one.
    pub(super) fn of_link(genesis: &Genesis, url: &str, is_logged: bool) -> Self {
        let kind = if is_logged {
            Kind::Certificate
        } else {
            Kind::Link
        };
        Self {
            link: Some(url.to_owned()),
            ..Self::of(kind, genesis, Vec::new(), DAY)
        }
    }
}

/// The records of a pool.
pub(super) fn results(snapshot: &Snapshot, rules: &Rules) -> Result<Results, StoreError> {
    Ok(results_of(&Game::all(snapshot, rules)?))
}

fn results_of(games: &[Game]) -> Results {
    let recorded = games.iter().filter_map(|game| {
        let result = game.result.as_ref()?;
        Some((
            game.no(),
            (result.version.saturating_add(1), result.objections),
        ))
    });
    recorded.collect()
}

/// The players who lead, with points.
pub(super) fn leaders(snapshot: &Snapshot, rules: &Rules) -> Result<Vec<AccountId>, StoreError> {
    let places = Table::read(snapshot, rules, &Scope::Pool)?.places;
    let first = places.iter().take_while(|it| it.place == 1);
    let first = first.filter(|it| it.standing.points.0 > 0);
    Ok(first.map(|it| it.account).collect())
}

impl Kept {
    /// Takes out who is told at an endpoint.
    pub(super) fn remove(&mut self, endpoint: &str) -> Option<Subscriber> {
        let place = self
            .subscribers
            .iter()
            .position(|it| it.address.endpoint == endpoint)?;
        Some(self.subscribers.remove(place))
    }

    /// The news for each; from then on they count as told.
    pub(super) fn look(
        &mut self,
        snapshot: &Snapshot,
        genesis: &Genesis,
        now: UnixSeconds,
    ) -> Result<Vec<(PushAddress, News)>, StoreError> {
        let games = Game::all(snapshot, &genesis.rules)?;
        let items = snapshot.items()?;
        let near = closing(&items, &genesis.rules, now, NEAR);
        let near: Vec<&Item> = near.into_values().flatten().collect();

        let after = results_of(&games);
        let before = std::mem::replace(&mut self.results, after.clone());
        let changed = |is_new: &dyn Fn((u32, u32), (u32, u32)) -> bool| {
            let is_new = |game: &&Game| {
                let no = game.no();
                let before = before.get(&no).copied().unwrap_or_default();
                after.get(&no).is_some_and(|after| is_new(before, *after))
            };
            games.iter().filter(is_new).collect::<Vec<_>>()
        };
        let mut recorded = changed(&|before, after| before.0 < after.0);
        recorded.retain(|game| game.score.is_some());
        let objected = changed(&|before, after| before.1 < after.1);
        // A branch that lost may have had more: what was told of it is not told again.
        for (no, (records, objections)) in &before {
            let now = self.results.entry(*no).or_default();
            *now = (now.0.max(*records), now.1.max(*objections));
        }
        let mut common = Vec::new();
        for (kind, games) in [(Kind::Result, recorded), (Kind::Objection, objected)] {
            if !games.is_empty() {
                let games = games.into_iter().map(|game| MatchNews {
                    score: game.score.map(|score| score.to_string()),
                    ..MatchNews::of(&game.entry.clone().into())
                });
                common.push(News::of(kind, genesis, games.collect(), DAY));
            }
        }

        let leaders = leaders(snapshot, &genesis.rules)?;
        let mut all = Vec::new();
        for subscriber in &mut self.subscribers {
            let mut news = common.clone();
            let leads = leaders.contains(&subscriber.player);
            if leads && !subscriber.leads {
                news.push(News::of(Kind::Lead, genesis, Vec::new(), DAY));
            }
            subscriber.leads = leads;
            let told = &mut subscriber.told;
            let untold = { near.iter().copied() }.filter(|item| !told.contains(&item.of));
            let missing = missing(snapshot, &subscriber.player, untold)?;
            told.retain(|no| near.iter().any(|item| item.of == *no));
            told.extend(missing.iter().map(|item| item.of));
            if let Some(closes) = missing.first().and_then(|item| item.deadline) {
                let good_for_s = closes.0.saturating_sub(now.0);
                let missing = missing.into_iter().map(|item| MatchNews {
                    closes: item.deadline,
                    ..MatchNews::of(item)
                });
                news.push(News::of(
                    Kind::NoTip,
                    genesis,
                    missing.collect(),
                    good_for_s,
                ));
            }
            let address = &subscriber.address;
            all.extend(news.into_iter().map(|news| (address.clone(), news)));
        }
        Ok(all)
    }
}
