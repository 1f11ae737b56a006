//! Making a pool, the one way for the command line and for the page of the first run.

use std::{collections::BTreeSet, path::Path};

use bolao_fixtures::Competition;
use bolao_ledger::{
    AccountId, Genesis, Makers, Name, PoolFile, Text, UnixSeconds, Validator, ValidatorKey,
};
use bolao_node::{Home, HomeError, Profile};
use bolao_wallet::{Key, WalletFile};
use jiff::tz::TimeZone;

use crate::{imported, passphrase::PassphraseArgs, rulesfile};

/// What somebody wants a pool to be.
pub(crate) struct Wish {
    pub(crate) name: Text<64>,
    /// The maker's own name in it.
    pub(crate) player: Option<Name>,
    pub(crate) competition: Competition,
    /// Whose days those of matches without a time are.
    pub(crate) zone: TimeZone,
    pub(crate) rules: PoolFile,
    /// Organisers besides the maker.
    pub(crate) organisers: Vec<AccountId>,
    /// When it is made.
    pub(crate) now: UnixSeconds,
}

/// A pool that was made, in its home.
pub(crate) struct Made {
    pub(crate) home: Home,
    pub(crate) genesis: Genesis,
    pub(crate) wallet: WalletFile,
    pub(crate) wallet_is_new: bool,
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
        let mut genesis = rules
            .genesis(self.name.clone(), self.now, organisers, matches, &rounds)
            .map_err(rulesfile::explained)?;
        let first = Validator {
            account: own,
            key,
            weight: 1,
        };
        genesis.consensus = rules
            .consensus(first, genesis.organisers.len())
            .map_err(rulesfile::explained)?;
        if let Some(v2) = &mut genesis.v2 {
            v2.days = Some(imported::days(
                &self.competition,
                &genesis.matches,
                &self.zone,
            ));
        }
        genesis.check()?;
        Ok(genesis)
    }

    /// Makes it in a home, which is made if need be.
    pub(crate) fn make(&self, dir: &Path, passphrase: &PassphraseArgs) -> anyhow::Result<Made> {
        refuse_other_pool(dir)?;
        let home = Home::open(dir)?;
        let (wallet, wallet_is_new) = passphrase.open_or_create(&home)?;
        let account = wallet.player().account();
        let key = match self.rules.makers() {
            Makers::Pow => ValidatorKey(account.0),
            _ => home.validator_key()?,
        };
        let genesis = self.genesis(account, key)?;
        home.set_genesis(&genesis)?;
        let name = match &self.player {
            Some(name) => Some(name.to_string()),
            None => home.profile()?.name,
        };
        home.set_profile(&Profile {
            name,
            account: Some(account),
        })?;
        Ok(Made {
            home,
            genesis,
            wallet,
            wallet_is_new,
        })
    }
}

/// The maker and those named, each once.
fn organisers(own: AccountId, others: &[AccountId]) -> Vec<AccountId> {
    let mut seen = BTreeSet::new();
    std::iter::once(own)
        .chain(others.iter().copied())
        .filter(|organiser| seen.insert(*organiser))
        .collect()
}

/// A home keeps one pool. This is checked first.
pub(crate) fn refuse_other_pool(dir: &Path) -> anyhow::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    match Home::open(dir)?.genesis() {
        Err(HomeError::NoPool { .. }) => Ok(()),
        Err(error) => Err(error.into()),
        Ok(there) => Err(HomeError::OtherPool {
            dir: dir.to_owned(),
            there: there.name.to_string(),
        }
        .into()),
    }
}
