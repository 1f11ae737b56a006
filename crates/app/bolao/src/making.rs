//! Making a pool, the one way for the command line and for the page of the first run.

use std::{collections::BTreeSet, path::Path};

use anyhow::Context as _;
use bolao_api::body::Viewers;
use bolao_fixtures::Competition;
use bolao_ledger::{
    AccountId, BlockId, Genesis, Makers, Membership, Name, PoolFile, PoolId, Text, UnixSeconds,
    Validator, ValidatorKey,
};
use bolao_node::{Home, HomeError, KeptSources, Profile};
use bolao_rulebook::{explain, said};
use bolao_wallet::{Invite, InviteText, Key, NewInvite, TicketSecret, WalletFile};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{home, imported, link::Link, passphrase::PassphraseArgs, time};

/// Uses of a link that says nothing else.
pub(crate) const USES: u32 = 100;
/// The life of a link that says nothing else, in seconds: a week.
pub(crate) const EXPIRES_S: u32 = 7 * 86_400;

/// A pool as somebody wants it to be.
pub(crate) struct Wish {
    pub(crate) name: Text<64>,
    /// The maker's own name in it.
    pub(crate) player: Option<Name>,
    pub(crate) competition: Competition,
    /// The zone of the days of matches without a time.
    pub(crate) zone: TimeZone,
    pub(crate) rules: PoolFile,
    /// Organisers besides the maker.
    pub(crate) organisers: Vec<AccountId>,
    /// The lists that its node reads for results, if any.
    pub(crate) sources: Option<KeptSources>,
    /// The people who may look at the page of its node, where that was said.
    pub(crate) viewers: Option<Viewers>,
    /// When it is made.
    pub(crate) now: UnixSeconds,
}

/// A pool that was made, in its home.
pub(crate) struct Made {
    pub(crate) home: Home,
    pub(crate) genesis: Genesis,
    pub(crate) wallet: WalletFile,
    pub(crate) wallet_is_new: bool,
    /// The maker's name, once there is one.
    pub(crate) name: Option<String>,
}

impl Wish {
    /// The pool as it will be; another key stands for the maker's where there is none yet.
    pub(crate) fn draft(&self, known: Option<AccountId>) -> anyhow::Result<Genesis> {
        let own = match known {
            Some(account) => account,
            None => Key::generate()?.account(),
        };
        self.genesis(own, ValidatorKey(own.0))
    }

    fn genesis(&self, own: AccountId, key: ValidatorKey) -> anyhow::Result<Genesis> {
        let (matches, _) = imported::fixtures(&self.competition, self.now)?;
        let rounds = imported::rounds(&self.competition)?;
        let organisers = organisers(own, &self.organisers);
        let rules = &self.rules;
        let mut genesis =
            rules.genesis(self.name.clone(), self.now, organisers, matches, &rounds)?;
        let first = Validator {
            account: own,
            key,
            weight: 1,
        };
        genesis.consensus = rules.consensus(first, &genesis)?;
        let days = imported::days(&self.competition, &genesis.matches, &self.zone);
        genesis.days = Some(days);
        genesis.check()?;
        Ok(genesis)
    }

    /// Makes it in a home, which is made if need be, beside the pools that it holds. The pool is written last: where something cannot
    /// be written, there is none.
    pub(crate) fn make(&self, dir: &Path, passphrase: &PassphraseArgs) -> anyhow::Result<Made> {
        let first = Home::open(dir)?;
        let is_first = home::pool(dir)?.is_none();
        let (wallet, wallet_is_new) = passphrase.open_or_create(&first)?;
        let account = wallet.player().account();
        let there = if is_first {
            first.validator_key_there()?
        } else {
            None
        };
        let (genesis, new_key) = match there {
            _ if self.rules.makers() == Makers::Pow => {
                (self.genesis(account, ValidatorKey(account.0))?, None)
            }
            Some(key) => (self.genesis(account, key)?, None),
            None => {
                let draft = self.genesis(account, ValidatorKey(account.0))?;
                let key = wallet.first_voting_key(&draft);
                (self.genesis(account, Home::public_half(&key))?, Some(key))
            }
        };
        let home = home::of_pool(dir, genesis.pool_id())?;
        if let Some(key) = new_key {
            home.set_validator_key(&key)?;
        }
        let profile = first.profile()?;
        let name = match &self.player {
            Some(name) => Some(name.to_string()),
            None => profile.name,
        };
        home.set_profile(&Profile {
            name: name.clone(),
            account: Some(account),
            zone: self.zone.iana_name().map(ToOwned::to_owned),
        })?;
        if let Some(sources) = &self.sources {
            home.change_sources::<HomeError>(|kept| {
                kept.clone_from(sources);
                Ok(())
            })?;
        }
        if let Some(viewers) = self.viewers {
            home.set_viewers(viewers)?;
        }
        home.set_genesis(&genesis)?;
        Ok(Made {
            home,
            genesis,
            wallet,
            wallet_is_new,
            name,
        })
    }
}

impl Made {
    /// A link for friends, to the node that the pool's maker will run.
    pub(crate) fn link(&self, node: &str) -> anyhow::Result<Link> {
        let pool = self.genesis.pool_id();
        let text = match self.genesis.membership {
            Membership::Open => without_ticket(pool, None),
            Membership::Invite => {
                let new = issue(&self.wallet.player(), pool, None, USES, EXPIRES_S)?;
                match self.home.keep_invitation(new.public, time::now()) {
                    Ok(()) => new.short.into(),
                    // The pool is made; a long link needs nothing of the home.
                    Err(_) => new.whole.into(),
                }
            }
        };
        Link::new(node, text)
    }
}

/// The text in a link to an open pool.
pub(crate) fn without_ticket(pool: PoolId, named: Option<BlockId>) -> InviteText {
    let ticket = None;
    let invite = Invite {
        pool,
        named,
        ticket,
    };
    invite.into()
}

/// An invitation for so many friends, good for so many seconds from now.
pub(crate) fn issue(
    key: &Key,
    pool: PoolId,
    named: Option<BlockId>,
    uses: u32,
    seconds: u32,
) -> anyhow::Result<NewInvite> {
    let secret = TicketSecret::generate().context("the system gives no randomness")?;
    let expires = UnixSeconds(time::now().0.saturating_add(seconds.into()));
    Ok(NewInvite::issue(key, secret, pool, named, uses, expires))
}

/// A pool that was not made, as JSON.
pub(crate) fn shown(genesis: &Genesis) -> Value {
    json!({
        "written": false,
        "name": genesis.name,
        "membership": genesis.membership,
        "starting_chips": genesis.starting_chips,
        "target": genesis.target,
        "rules": genesis.rules,
        "sentences": explain(genesis),
        "said": said(genesis),
        "matches": genesis.matches,
    })
}

/// The maker and those named, each once.
fn organisers(own: AccountId, others: &[AccountId]) -> Vec<AccountId> {
    let mut seen = BTreeSet::new();
    std::iter::once(own)
        .chain(others.iter().copied())
        .filter(|organiser| seen.insert(*organiser))
        .collect()
}
