//! Compresses the files of `web/dist`, or of `missing` where the page was not built.

use std::{
    env,
    error::Error,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use sha2::{Digest as _, Sha256};

/// Brotli's best, which takes a second or two for a page.
const QUALITY: i32 = 11;

/// Blocks of 64 KiB: with them the WebAssembly takes 1 % less than with those that the library chooses.
const BLOCK_BITS: i32 = 16;

fn main() -> Result<(), Box<dyn Error>> {
    let room = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let built = room.join("../../../web/dist");
    // Cargo would run this again and again if it watched what is not there.
    if fs::create_dir_all(&built).is_ok() {
        println!("cargo::rerun-if-changed={}", built.display());
    }
    println!("cargo::rerun-if-changed=missing");
    println!("cargo::rerun-if-changed=build.rs");
    let is_built = built.join("index.html").is_file();
    let dir = if is_built {
        built
    } else {
        room.join("missing")
    };
    let mut paths = Vec::new();
    find(&dir, &mut paths)?;
    paths.sort();
    let mut code = format!("static FILES: [PageFile; {}] = [\n", paths.len());
    for (number, path) in paths.iter().enumerate() {
        let bytes = fs::read(path)?;
        let packed = compressed(&bytes)?;
        let (made, held) = if packed.len() < bytes.len() {
            ("compressed", &packed)
        } else {
            ("plain", &bytes)
        };
        fs::write(out.join(number.to_string()), held)?;
        writeln!(
            code,
            r#"    PageFile::{made}({:?}, {:?}, {:?}, include_bytes!(concat!(env!("OUT_DIR"), "/{number}"))),"#,
            route(&dir, path)?,
            kind(path),
            format!("W/\"{}\"", hex::encode(Sha256::digest(&bytes))),
        )?;
    }
    code.push_str("];\n");
    fs::write(out.join("files.rs"), code)?;
    Ok(())
}

fn find(dir: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

fn compressed(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let options = BrotliEncoderParams {
        quality: QUALITY,
        lgblock: BLOCK_BITS,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &options)?;
    Ok(packed)
}

/// The path under which browsers ask for a file.
fn route(dir: &Path, file: &Path) -> Result<String, Box<dyn Error>> {
    let mut route = String::new();
    for part in file.strip_prefix(dir)? {
        let part = part
            .to_str()
            .ok_or("a file of the page is not named in UTF-8")?;
        write!(route, "/{part}")?;
    }
    Ok(route)
}

fn kind(file: &Path) -> String {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    match (kind.type_(), kind.subtype()) {
        (mime_guess::mime::TEXT, _) => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    }
}
