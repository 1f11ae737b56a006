//! A wallet file that somebody else wrote.
#![no_main]

use std::{fs, sync::LazyLock};

use bolao_wallet::WalletFile;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

static DIR: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|data: &[u8]| {
    let path = DIR.path().join("wallet.json");
    fs::write(&path, data).unwrap();
    if let Ok(wallet) = WalletFile::open(&path, "") {
        let _ = wallet.player();
    }
});
