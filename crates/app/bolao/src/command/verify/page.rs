//! `bolao verify --page`: whether what a node gives this program is the page that it was built with, and by which key. It says
//! nothing of what browsers are given, from which a server can tell this program.

mod key;

use std::{path::Path, process::ExitCode};

use serde_json::json;

use self::key::Key;
use crate::{
    exit::sentence,
    output::{self, count},
    source::{Client, Unreached},
};

/// The most files that are named which differ.
const NAMED: usize = 5;

pub(super) async fn run(url: &str, dir: &Path, as_json: bool) -> anyhow::Result<ExitCode> {
    let client = Client::new(url)?;
    let key = key::compare(url, &client, dir).await;
    let page = bolao_page::page();
    let mut others = Vec::new();
    for file in page.files() {
        let (path, own) = (file.path(), file.text());
        let read = client.bytes(path, own.len()).await;
        match read {
            Ok(theirs) if own == theirs => {}
            Ok(_) => others.push((path, "is another".to_owned())),
            Err(error) if error.is::<Unreached>() => return Err(error),
            Err(error) => others.push((path, sentence(&error))),
        }
    }
    let is_same = others.is_empty();
    if as_json {
        let named = others
            .iter()
            .map(|(path, why)| json!({ "path": path, "why": why }));
        let (state, says) = key.shown();
        output::json(&json!({
            "same": is_same,
            "others": named.collect::<Vec<_>>(),
            "key": state,
            "key_says": says,
        }))?;
        return Ok(ended(is_same, &key));
    }
    let (_, says) = key.shown();
    match &key {
        Key::Other(_) => output::line(output::bad(says))?,
        Key::Same(_) | Key::Unknown(_) => output::line(says)?,
    }
    if is_same {
        let files = count(page.files().len(), "file", "files");
        output::line!(
            "What {url} gave this program is the page that it was built with, all {files} of it. Whether browsers get the \
            same cannot be seen from here: to rely on nobody, open the page of your own node."
        )?;
    } else {
        output::line!(
            "{}",
            output::bad(&format!(
                "{url} has a different page than this program ({}): is it the same version (`bolao --version`, and \
                `bolao status` there)? If it is, do not type your words there.",
                count(others.len(), "file", "files")
            ))
        )?;
        for (path, why) in others.iter().take(NAMED) {
            output::line!("{path}: {why}")?;
        }
        if let Some(more) = others.len().checked_sub(NAMED).filter(|more| *more > 0) {
            output::line!("… and {more} more")?;
        }
    }
    Ok(ended(is_same, &key))
}

const fn ended(is_same: bool, key: &Key) -> ExitCode {
    if is_same && !matches!(key, Key::Other(_)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
