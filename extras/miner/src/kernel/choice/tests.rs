#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::kernel::Scan;

#[test]
fn every_kernel_is_listed_and_those_that_run_are_measured() {
    let kernels = kernels();
    let names: Vec<&str> = kernels.iter().map(|info| info.name).collect();
    assert!(names.ends_with(&["portable", "sha2"]), "{names:?}");
    for info in kernels {
        assert_eq!(info.available, info.hashes_per_second.is_some());
        match by_name(info.name) {
            Ok(kernel) => {
                assert!(info.available);
                assert_eq!(kernel.name(), info.name);
                assert!(info.hashes_per_second.unwrap() > 0);
            }
            Err(error) => {
                assert!(!info.available);
                assert_eq!(error, UnknownKernel::NotOnThisCpu { name: info.name });
            }
        }
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let error = by_name("abacus").unwrap_err().to_string();
    assert!(
        error.starts_with(r#"got kernel "abacus", want one that this machine runs: "#),
        "{error}"
    );
    assert!(error.ends_with("portable, sha2"), "{error}");
}

#[test]
fn the_fastest_is_measured_once() {
    assert!(Arc::ptr_eq(&fastest(), &fastest()));
}

#[test]
fn a_slower_kernel_measures_slower() {
    #[derive(Debug)]
    struct Slow;
    impl Kernel for Slow {
        fn name(&self) -> &'static str {
            "slow"
        }
        fn scan(&self, header: &SearchHeader, nonces: std::ops::RangeInclusive<u32>) -> Scan {
            for _ in 0..3 {
                drop(black_box(
                    Sha2Kernel.scan(black_box(header), nonces.clone()),
                ));
            }
            Sha2Kernel.scan(header, nonces)
        }
    }
    let rates = best_rates(&[shared(Slow), shared(Sha2Kernel)]);
    assert!(rates[0] < rates[1], "{rates:?}");
}
