//! Compresses the copies of lists, which takes some ten kilobytes in all.

use std::{env, error::Error, fmt::Write as _, fs, path::PathBuf};

use brotli::enc::BrotliEncoderParams;

fn main() -> Result<(), Box<dyn Error>> {
    let copies = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("copies");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=copies");
    println!("cargo::rerun-if-changed=build.rs");
    let mut paths: Vec<PathBuf> = fs::read_dir(&copies)?
        .map(|entry| entry.map(|it| it.path()))
        .collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|it| it == "json"));
    paths.sort();
    let mut code = format!("static COPIES: [(&str, &[u8]); {}] = [\n", paths.len());
    for path in paths {
        let name = path.file_stem().and_then(|it| it.to_str()).unwrap_or("");
        let mut packed = Vec::new();
        let parameters = BrotliEncoderParams {
            quality: 11,
            ..BrotliEncoderParams::default()
        };
        brotli::BrotliCompress(&mut fs::read(&path)?.as_slice(), &mut packed, &parameters)?;
        fs::write(out.join(name), packed)?;
        writeln!(
            code,
            r#"    ({name:?}, include_bytes!(concat!(env!("OUT_DIR"), "/{name}"))),"#
        )?;
    }
    code.push_str("];\n");
    fs::write(out.join("copies.rs"), code)?;
    Ok(())
}
