#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::{fs, path::PathBuf};

use bolao_ledger::FoldedName;
use bolao_wallet::{KeyIndex, MAX_FILE_BYTES, Phrase, SealError, WalletError, WalletFile};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("wallet.json")
    }

    /// Rewrites one value of the file.
    fn tamper(&self, pointer: &str, change: impl FnOnce(&mut Value)) {
        let mut file: Value = serde_json::from_slice(&fs::read(self.path()).unwrap()).unwrap();
        change(file.pointer_mut(pointer).unwrap());
        fs::write(self.path(), serde_json::to_vec(&file).unwrap()).unwrap();
    }
}

fn name(text: &str) -> FoldedName {
    FoldedName::of(text).unwrap()
}

fn seal_error(result: Result<WalletFile, WalletError>) -> SealError {
    match result.unwrap_err() {
        WalletError::Sealed { source, .. } => source,
        other => panic!("got {other:?}, wanted an error of the format"),
    }
}

#[test]
fn opens_with_its_passphrase_alone() {
    let home = Home::new();
    let made = WalletFile::create(home.path(), "correct horse").unwrap();
    assert!(made.is_protected());
    let opened = WalletFile::open(home.path(), "correct horse").unwrap();
    assert_eq!(opened.player().account(), made.player().account());
    for wrong in ["", "correct horse "] {
        assert!(matches!(
            seal_error(WalletFile::open(home.path(), wrong)),
            SealError::WrongPassphrase
        ));
    }
}

/// To open a pipe would wait for ever.
#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_refused() {
    let home = Home::new();
    let mut wallet = WalletFile::create(home.path(), "").unwrap();
    let lock = home.path().with_file_name("wallet.json.lock");
    let pipe = home.path().with_file_name("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    for file in [lock, home.path()] {
        fs::remove_file(&file).unwrap();
        std::os::unix::fs::symlink(&pipe, &file).unwrap();
        let error = wallet.change_passphrase("x").unwrap_err().to_string();
        assert!(error.contains("not a regular file"), "{error}");
    }
    let error = WalletFile::open(home.path(), "").unwrap_err().to_string();
    assert!(error.contains("not a regular file"), "{error}");
}

#[test]
fn refuses_to_overwrite() {
    let home = Home::new();
    let made = WalletFile::create(home.path(), "").unwrap();
    assert!(matches!(
        WalletFile::create(home.path(), ""),
        Err(WalletError::Exists { .. })
    ));
    let opened = WalletFile::open(home.path(), "").unwrap();
    assert_eq!(opened.player().account(), made.player().account());
    assert!(!opened.is_protected());
}

#[test]
fn a_missing_file_is_told_apart() {
    assert!(matches!(
        WalletFile::open(Home::new().path(), ""),
        Err(WalletError::Missing { .. })
    ));
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let home = Home::new();
    let mut wallet = WalletFile::create(home.path(), "").unwrap();
    let mode = || fs::metadata(home.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o644)).unwrap();
    wallet.account_for_name(&name("ana")).unwrap();
    assert_eq!(mode(), 0o600);
}

#[test]
fn nothing_secret_stands_in_the_clear() {
    let home = Home::new();
    let mut wallet = WalletFile::create(home.path(), "").unwrap();
    wallet.account_for_name(&name("Conceição")).unwrap();
    let text = fs::read_to_string(home.path()).unwrap();
    assert!(!text.contains("entropy") && !text.contains("names") && !text.contains("concei"));
    let shown = format!("{wallet:?}");
    assert!(
        !shown.contains("entropy") && !shown.contains("phrase"),
        "{shown}"
    );
}

#[test]
fn a_changed_file_is_refused() {
    let flip = |value: &mut Value| {
        let text = value.as_str().unwrap();
        let first = if text.starts_with('0') { "1" } else { "0" };
        *value = json!(format!("{first}{}", &text[1..]));
    };
    for pointer in ["/ciphertext", "/nonce", "/kdf/salt"] {
        for passphrase in ["", "secret"] {
            let home = Home::new();
            WalletFile::create(home.path(), passphrase).unwrap();
            home.tamper(pointer, flip);
            let error = WalletFile::open(home.path(), passphrase).unwrap_err();
            let told = error.to_string();
            assert!(told.contains("bolao wallet restore"), "{told}");
            // Without a passphrase there is nothing else that it can be.
            let is_changed = matches!(seal_error(Err(error)), SealError::Changed);
            assert_eq!(is_changed, passphrase.is_empty(), "{pointer}: {told}");
        }
        let home = Home::new();
        WalletFile::create(home.path(), "").unwrap();
        let wrong = seal_error(WalletFile::open(home.path(), "another"));
        assert!(matches!(wrong, SealError::WrongPassphrase));
    }
}

#[test]
fn hostile_parameters_are_refused_before_they_cost_anything() {
    for (pointer, value) in [
        ("/kdf/memory_kib", json!(u32::MAX)),
        ("/kdf/memory_kib", json!(256 * 1_024 + 1)),
        ("/kdf/memory_kib", json!(0)),
        ("/kdf/passes", json!(u32::MAX)),
        ("/kdf/passes", json!(0)),
        ("/kdf/lanes", json!(9)),
        ("/kdf/lanes", json!(0)),
    ] {
        let home = Home::new();
        WalletFile::create(home.path(), "").unwrap();
        home.tamper(pointer, |old| *old = value.clone());
        assert!(
            matches!(
                seal_error(WalletFile::open(home.path(), "")),
                SealError::Kdf { .. }
            ),
            "{pointer} = {value}"
        );
    }
}

#[test]
fn other_formats_are_refused() {
    let home = Home::new();
    WalletFile::create(home.path(), "").unwrap();
    home.tamper("/version", |version| *version = json!(2));
    let is_newer = || {
        let error = seal_error(WalletFile::open(home.path(), ""));
        matches!(error, SealError::Version { got: 2 })
    };
    assert!(is_newer());
    // With fields that are not known, too.
    home.tamper("/kdf", |kdf| *kdf = json!({ "algorithm": "later" }));
    assert!(is_newer());
    for (text, too_large) in [
        (Vec::new(), false),
        (b"{}".to_vec(), false),
        (b"\xff\xfe".to_vec(), false),
        (vec![b' '; MAX_FILE_BYTES + 2], true),
        (vec![b'['; MAX_FILE_BYTES], false),
    ] {
        fs::write(home.path(), text).unwrap();
        match seal_error(WalletFile::open(home.path(), "")) {
            SealError::TooLarge => assert!(too_large),
            SealError::Malformed { .. } => assert!(!too_large),
            other => panic!("got {other:?}"),
        }
    }
}

#[test]
fn the_words_bring_the_same_accounts_back() {
    let (first, second) = (Home::new(), Home::new());
    let made = WalletFile::create(first.path(), "").unwrap();
    let words = made.phrase().words().collect::<Vec<_>>().join(" ");
    let back = WalletFile::restore(second.path(), "x", Phrase::parse(&words).unwrap()).unwrap();
    for index in [0, 1, 7, u32::MAX >> 1] {
        let index = KeyIndex::try_from(index).unwrap();
        assert_eq!(made.key(index).account(), back.key(index).account());
    }
    assert_ne!(
        made.player().account(),
        made.key(KeyIndex::try_from(1).unwrap()).account()
    );
}

#[test]
fn each_name_keeps_a_key_of_its_own() {
    let home = Home::new();
    let mut wallet = WalletFile::create(home.path(), "").unwrap();
    let john = wallet.account_for_name(&name("John")).unwrap();
    let mary = wallet.account_for_name(&name("Mary")).unwrap();
    assert_ne!(john, mary);
    assert_ne!(john, KeyIndex::PLAYER);
    assert_eq!(wallet.account_for_name(&name("  jOHN ")).unwrap(), john);

    let mut again = WalletFile::open(home.path(), "").unwrap();
    assert_eq!(again.index_of_name(&name("john")), Some(john));
    assert_eq!(again.account_for_name(&name("mary")).unwrap(), mary);
    let names: Vec<_> = again.names().collect();
    assert_eq!(names, [("john", john), ("mary", mary)]);
}

#[test]
fn the_words_alone_bring_the_names_keys_back() {
    let (home, other) = (Home::new(), Home::new());
    let mut made = WalletFile::create(home.path(), "").unwrap();
    let words: Vec<_> = made.phrase().words().collect();
    let phrase = Phrase::parse(&words.join(" ")).unwrap();
    let mut back = WalletFile::restore(other.path(), "", phrase).unwrap();
    for (first, second) in [("john", "mary"), ("zoe", "ana")] {
        let index = made.account_for_name(&name(first)).unwrap();
        back.account_for_name(&name(second)).unwrap();
        assert_eq!(back.account_for_name(&name(first)).unwrap(), index);
        assert_eq!(back.key(index).account(), made.key(index).account());
    }
}

#[test]
fn two_programs_never_give_two_names_one_key() {
    let home = Home::new();
    let mut one = WalletFile::create(home.path(), "").unwrap();
    let mut two = WalletFile::open(home.path(), "").unwrap();
    let john = one.account_for_name(&name("john")).unwrap();
    let mary = two.account_for_name(&name("mary")).unwrap();
    assert_ne!(john, mary);
    assert_eq!(one.account_for_name(&name("mary")).unwrap(), mary);
    assert_eq!(two.account_for_name(&name("john")).unwrap(), john);
}

#[test]
fn the_passphrase_can_be_changed() {
    let home = Home::new();
    let mut wallet = WalletFile::create(home.path(), "").unwrap();
    let mut other = WalletFile::open(home.path(), "").unwrap();
    let john = wallet.account_for_name(&name("john")).unwrap();
    wallet.change_passphrase("new").unwrap();
    assert!(wallet.is_protected());
    assert!(matches!(
        seal_error(WalletFile::open(home.path(), "")),
        SealError::WrongPassphrase
    ));
    assert!(matches!(
        other.account_for_name(&name("mary")),
        Err(WalletError::Replaced { .. })
    ));
    let opened = WalletFile::open(home.path(), "new").unwrap();
    assert_eq!(opened.index_of_name(&name("john")), Some(john));
    assert_eq!(opened.player().account(), wallet.player().account());
}
