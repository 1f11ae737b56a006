//! What is embedded can be read, and is small.
#![allow(clippy::unwrap_used)]

use std::io::Write as _;

use bolao_api::PageFile;
use flate2::{Compression, write::GzEncoder};

use super::FILES;

/// JavaScript and CSS of the first load, in kB as a phone gets them over plain HTTP.
const FIRST_LOAD: usize = 200;
/// WebAssembly, likewise. It is fetched after the page is shown; the aim is 300.
const RULES: usize = 700;

fn gzipped(file: &PageFile) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&file.text()).unwrap();
    gzip.finish().unwrap().len()
}

fn file(path: &str) -> Option<&'static PageFile> {
    FILES.iter().find(|file| file.path() == path)
}

#[test]
fn there_is_a_page() {
    let index = file("/index.html").unwrap();
    let text = String::from_utf8(index.text().to_vec()).unwrap();
    assert!(text.starts_with("<!doctype html>"), "{text}");
    assert_eq!(index.kind(), "text/html; charset=utf-8");
}

/// Files that the first page names: its scripts, what they import at once, its style sheets.
fn first_load() -> impl Iterator<Item = &'static PageFile> {
    let index = String::from_utf8(file("/index.html").unwrap().text().to_vec()).unwrap();
    FILES.iter().filter(move |file| {
        let is_code = ["text/javascript", "text/css"]
            .iter()
            .any(|kind| file.kind().starts_with(kind));
        is_code && index.contains(file.path())
    })
}

#[test]
fn the_first_load_is_small() {
    let bytes: usize = first_load().map(gzipped).sum();
    assert!(bytes <= FIRST_LOAD * 1000, "{bytes} bytes");
}

#[test]
fn the_rules_are_small() {
    let rules = FILES
        .iter()
        .filter(|file| file.kind() == "application/wasm");
    let bytes: usize = rules.map(gzipped).sum();
    assert!(bytes <= RULES * 1000, "{bytes} bytes");
}

#[test]
fn nothing_is_inline() {
    let index = String::from_utf8(file("/index.html").unwrap().text().to_vec()).unwrap();
    assert!(
        !index.contains("<style") && !index.contains(" style="),
        "{index}"
    );
    for script in index.split("<script").skip(1) {
        let tag = script.split('>').next().unwrap();
        assert!(tag.contains(" src=\"./"), "<script{tag}>");
    }
}
