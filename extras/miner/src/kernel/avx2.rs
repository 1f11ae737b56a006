//! Eight lanes by AVX2.
#![allow(unsafe_code)]

use std::{
    arch::x86_64::{
        __m256i, _mm256_add_epi32, _mm256_and_si256, _mm256_load_si256, _mm256_or_si256,
        _mm256_set1_epi32, _mm256_slli_epi32, _mm256_srli_epi32, _mm256_store_si256,
        _mm256_xor_si256,
    },
    ops::RangeInclusive,
};

use super::{
    SearchHeader,
    batches::{self, Batch},
    cpu::CpuKernel,
    lanes::{Lanes, double_hash},
    tables::Tables,
};

pub(super) fn kernel() -> Option<CpuKernel> {
    is_x86_feature_detected!("avx2").then(|| {
        // SAFETY: the CPU has AVX2.
        unsafe { CpuKernel::new("avx2", 4_096, scan) }
    })
}

#[target_feature(enable = "avx2")]
fn scan(header: &SearchHeader, nonces: RangeInclusive<u32>) -> Option<u32> {
    let tables = Tables::new(header);
    batches::scan(header, nonces, |batch: &mut Batch<8>| {
        let lanes: *mut __m256i = batch.0.as_mut_ptr().cast();
        // SAFETY: a batch is 8 words, aligned to 64 bytes; the closure runs inside a function
        // with AVX2.
        let nonces = Ymm(unsafe { _mm256_load_si256(lanes) });
        let top = double_hash(&tables, nonces);
        // SAFETY: as above.
        unsafe { _mm256_store_si256(lanes, top.0) };
    })
}

/// Made only in [`scan`], where AVX2 is there.
#[derive(Clone, Copy)]
struct Ymm(__m256i);

impl Lanes for Ymm {
    #[inline(always)]
    fn splat(self, word: u32) -> Self {
        // SAFETY: `self` is only there with AVX2.
        Self(unsafe { _mm256_set1_epi32(word.cast_signed()) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        // SAFETY: `self` is only there with AVX2.
        Self(unsafe { _mm256_add_epi32(self.0, other.0) })
    }

    #[inline(always)]
    fn rotate<const RIGHT: i32, const LEFT: i32>(self) -> Self {
        // SAFETY: `self` is only there with AVX2.
        Self(unsafe {
            _mm256_or_si256(
                _mm256_srli_epi32::<RIGHT>(self.0),
                _mm256_slli_epi32::<LEFT>(self.0),
            )
        })
    }

    #[inline(always)]
    fn shift<const RIGHT: i32>(self) -> Self {
        // SAFETY: `self` is only there with AVX2.
        Self(unsafe { _mm256_srli_epi32::<RIGHT>(self.0) })
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        // SAFETY: `self` is only there with AVX2.
        Self(unsafe { _mm256_xor_si256(self.0, other.0) })
    }

    #[inline(always)]
    fn choose(self, yes: Self, no: Self) -> Self {
        // SAFETY: `self` is only there with AVX2.
        let where_one = unsafe { _mm256_and_si256(self.0, yes.xor(no).0) };
        Self(where_one).xor(no)
    }

    #[inline(always)]
    fn majority(self, second: Self, third: Self) -> Self {
        // Where the first two differ the third decides.
        self.xor(second).choose(third, second)
    }
}
