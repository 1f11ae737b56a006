//! What takes the room in a store's file.

use std::{fs, os::unix::fs::MetadataExt as _};

use redb::{Database, ReadableDatabase as _, ReadableTableMetadata as _, TableHandle as _};

use super::pool::Closed;
use crate::report::{Report, grouped, ratio};

pub(crate) fn report(report: &mut Report, pool: &Closed) {
    let path = pool.chain_path();
    let used = (fs::metadata(&path).unwrap().blocks() * 512) as f64;
    let tips = pool.size.tips() as f64;
    report.row(
        &format!("{}: the whole file", pool.size),
        &format!("{} bytes", grouped(used / tips)),
        &ratio(used, pool.block_bytes as f64, "the blocks' own bytes"),
    );
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_read().unwrap();
    for table in transaction.list_tables().unwrap() {
        let name = table.name().to_owned();
        let stats = transaction.open_untyped_table(table).unwrap().stats();
        let stats = stats.unwrap();
        let pages =
            (stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes()) as f64;
        if pages / tips >= 1.0 {
            report.row(
                &format!("  table {name}"),
                &format!("{} bytes", grouped(pages / tips)),
                &format!(
                    "{} of them data",
                    grouped(stats.stored_bytes() as f64 / tips)
                ),
            );
        }
    }
}
