//! `bolao verify --page`: whether a node's page is the one that this program was built with.

use std::process::ExitCode;

use serde_json::json;

use crate::{
    exit::sentence,
    output::{self, count},
    source::Client,
};

pub(super) async fn run(url: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    let client = Client::new(url)?;
    let page = bolao_page::page();
    let mut others = Vec::new();
    for file in page.files() {
        let (path, own) = (file.path(), file.text());
        let read = client.bytes(path, own.len()).await;
        match read {
            Ok(theirs) if own == theirs => {}
            Ok(_) => others.push((path, "is another".to_owned())),
            Err(error) => others.push((path, sentence(&error))),
        }
    }
    let is_same = others.is_empty();
    if as_json {
        let named = others
            .iter()
            .map(|(path, why)| json!({ "path": path, "why": why }));
        output::json(&json!({ "same": is_same, "others": named.collect::<Vec<_>>() }))?;
    } else if is_same {
        let files = count(page.files().len(), "file", "files");
        output::line!(
            "{url} gave this program the same page that it was built with, all {files} of it. It could give others a \
            different one: to rely on nobody, open the page of your own node."
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
        for (path, why) in &others {
            output::line!("{path}: {why}")?;
        }
    }
    Ok(if is_same {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
