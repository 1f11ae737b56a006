//! Names that look alike, told apart by their accounts. Nodes let nobody join under such a name, but a block may hold one.

use std::collections::BTreeMap;

use bolao_chain::looks;
use bolao_ledger::{AccountId, Name};

use crate::output;

/// Adds the end of the account to each name that looks like another one of them.
pub(crate) fn tell_apart<'a>(players: impl IntoIterator<Item = (AccountId, &'a mut String)>) {
    let mut players: Vec<_> = players.into_iter().collect();
    let mut bearers: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, (_, name)) in players.iter().enumerate() {
        let looks = Name::new(name).map(|name| looks(&name)).unwrap_or_default();
        for look in looks {
            bearers.entry(look).or_default().push(place);
        }
    }
    let mut alike: Vec<usize> = { bearers.into_values() }
        .filter(|bearers| bearers.len() > 1)
        .flatten()
        .collect();
    alike.sort_unstable();
    alike.dedup();
    for place in alike {
        if let Some((account, name)) = players.get_mut(place) {
            **name = format!("{name} {}", output::short(&account.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::view::fixtures::account_of;

    #[test]
    fn only_names_that_look_alike_get_an_end() {
        let mut names = ["Ana", "Bruno", "Аna", "Bruna"].map(str::to_owned);
        let accounts = ["ana", "bruno", "other", "bruna"].map(account_of);
        tell_apart(accounts.into_iter().zip(&mut names));
        let [ana, bruno, other, bruna] = names;
        assert_eq!((bruno.as_str(), bruna.as_str()), ("Bruno", "Bruna"));
        for (name, account) in [(ana, "ana"), (other, "other")] {
            let account = account_of(account).to_string();
            let (_, end) = name.split_once(" …").unwrap();
            assert!(end.len() == 12 && account.ends_with(end), "{name}");
        }
    }
}
