//! The pools of a home: the first one in its own directory, each further one in `pools/CODE/`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bolao_ledger::PoolId;

use super::{Home, HomeError};

/// The directory of the further ones.
const POOLS: &str = "pools";
/// There while a pool is an archive, which no node runs for.
pub(super) const ARCHIVED: &str = "archived";
/// The reason why its node does not run.
pub(super) const TROUBLE: &str = "trouble";
/// The length of a code, in hexadecimal digits: nobody finds one by trying, and two pools of a host do not share one.
const DIGITS: usize = 10;

/// The code of a pool, by which its host names it: the first digits of its id.
#[must_use]
pub fn pool_code(pool: PoolId) -> String {
    let mut code = pool.to_string();
    code.truncate(DIGITS);
    code
}

fn is_code(name: &str) -> bool {
    name.len() == DIGITS
        && name
            .bytes()
            .all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

impl Home {
    /// All pools of the home in a directory, the first one first, each as a home of its own. One that cannot be read is among them.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn pools(dir: &Path) -> Result<Vec<Self>, HomeError> {
        let first = Self::open(dir)?;
        let mut all = Vec::new();
        if first.has_rules() {
            all.push(first.clone());
        }
        all.extend(first.further()?.into_iter().filter(Self::has_rules));
        Ok(all)
    }

    /// Whether rules of a pool lie there, whatever they say.
    fn has_rules(&self) -> bool {
        self.path("genesis.json").exists()
    }

    fn further(&self) -> Result<Vec<Self>, HomeError> {
        let path = self.person.join(POOLS);
        let failed = |source| HomeError::Io {
            action: "read",
            path: path.clone(),
            source,
        };
        let entries = match fs::read_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut codes = Vec::new();
        for entry in entries {
            let name = entry.map_err(failed)?.file_name();
            codes.extend(name.to_str().filter(|it| is_code(it)).map(str::to_owned));
        }
        codes.sort();
        let of = |code| Self {
            dir: path.join(code),
            person: self.person.clone(),
        };
        Ok(codes.into_iter().map(of).collect())
    }

    /// The home of a further pool in the home of a directory, made if it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn of_pool(dir: &Path, pool: PoolId) -> Result<Self, HomeError> {
        let person = Self::open(dir)?.person;
        Ok(Self {
            dir: Self::open(Self::place_of(dir, pool))?.dir,
            person,
        })
    }

    /// The directory of a further pool.
    pub(super) fn place_of(dir: &Path, pool: PoolId) -> PathBuf {
        dir.join(POOLS).join(pool_code(pool))
    }

    /// The home of the person's files alone.
    pub(crate) fn of_person(&self) -> Self {
        let person = self.person.clone();
        Self {
            dir: person.clone(),
            person,
        }
    }

    /// The directory of the person's files, which is that of the first pool.
    #[must_use]
    pub fn person_dir(&self) -> &Path {
        &self.person
    }

    /// Whether it is the home's first pool.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.dir == self.person
    }

    /// The code of its pool: of a further one, the name of its directory.
    ///
    /// # Errors
    /// The rules of the first pool cannot be read.
    pub fn code(&self) -> Result<String, HomeError> {
        let name = self.dir.file_name().and_then(|name| name.to_str());
        match name.filter(|_| !self.is_first()) {
            Some(code) => Ok(code.to_owned()),
            None => Ok(pool_code(self.genesis()?.pool_id())),
        }
    }

    /// Why its node could not be kept running, if it is known.
    ///
    /// # Errors
    /// The home cannot be read.
    pub fn trouble(&self) -> Result<Option<String>, HomeError> {
        self.read(TROUBLE)
    }

    /// Keeps that, or that it runs.
    ///
    /// # Errors
    /// The home cannot be written.
    pub fn set_trouble(&self, why: Option<&str>) -> Result<(), HomeError> {
        match why {
            Some(why) => self.write(TROUBLE, why, 0o644),
            None => self.remove(TROUBLE),
        }
    }

    /// Whether the pool is an archive.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.path(ARCHIVED).exists()
    }

    /// Makes it one, or a pool that is played again.
    ///
    /// # Errors
    /// The home cannot be written.
    pub fn set_archived(&self, archived: bool) -> Result<(), HomeError> {
        if archived {
            self.write(ARCHIVED, "yes", 0o644)
        } else {
            self.remove(ARCHIVED)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use bolao_ledger::Genesis;

    use super::*;

    #[test]
    fn a_home_holds_pools_and_one_person() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Home::pools(dir.path()).unwrap().is_empty());
        let first = Home::open(dir.path()).unwrap();
        first.set_genesis(&Genesis::article()).unwrap();
        let token = first.token().unwrap();
        let other = {
            let mut genesis = Genesis::article();
            genesis.created.0 += 1;
            genesis
        };
        let further = Home::of_pool(dir.path(), other.pool_id()).unwrap();
        assert!(further.is_archived() == first.is_archived());
        assert_eq!(
            Home::pools(dir.path()).unwrap().len(),
            1,
            "it has no rules yet"
        );
        further.set_genesis(&other).unwrap();
        fs::create_dir(dir.path().join("pools/other")).unwrap();
        let all = Home::pools(dir.path()).unwrap();
        let codes: Vec<_> = all.iter().map(|it| it.code().unwrap()).collect();
        let ids = [Genesis::article().pool_id(), other.pool_id()];
        assert_eq!(codes, ids.map(pool_code));
        assert_eq!(
            all.iter().map(Home::is_first).collect::<Vec<_>>(),
            [true, false]
        );
        // The person's.
        assert_eq!(further.token().unwrap(), token);
        assert_eq!(further.node_key().unwrap(), first.node_key().unwrap());
        assert_eq!(further.wallet_path(), first.wallet_path());
        // The pool's.
        assert_ne!(further.chain_path(), first.chain_path());
        assert_ne!(
            further.validator_key().unwrap(),
            first.validator_key().unwrap()
        );
        further.set_archived(true).unwrap();
        assert!(further.is_archived() && !first.is_archived());
        further.set_archived(false).unwrap();
        assert!(!further.is_archived());
    }
}
