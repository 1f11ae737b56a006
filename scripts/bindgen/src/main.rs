//! `bolao-bindgen MODULE.wasm DIRECTORY` writes `rules.js` and `rules_bg.wasm` for a web page into the directory.

use std::{env, error::Error};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(module), Some(directory), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("expected a WebAssembly module and a directory".into());
    };
    Ok(Bindgen::new()
        .input_path(module)
        .out_name("rules")
        .web(true)?
        .typescript(false)
        .remove_producers_section(true)
        .generate(directory)?)
}
