//! Unicode's normalization form KC: a library's, or on the web the browser's own. The library's tables would be an eighth of what a
//! page loads.
//!
//! Both give the same. What comes here is made of characters that Unicode 6.3 has, and of their small letters. Every later version gives
//! the same form for what an earlier one has (<https://www.unicode.org/policies/stability_policy.html>), and no browser that runs
//! WebAssembly is as old as 6.3. Small letters that are newer are letters alone, which every version leaves as they are. The page's
//! tests run each character, and marks in every order, through the browser's.

/// The normalized text.
pub(super) fn nfkc(text: &str) -> String {
    if text.chars().all(is_inert) {
        return text.to_owned();
    }
    by_tables(text)
}

/// Whether a character is its own form beside others of this kind: ASCII, and the letters of Western Europe.
const fn is_inert(character: char) -> bool {
    matches!(character, '\0'..='\x7f' | '\u{c0}'..='\u{131}')
}

#[cfg(not(target_arch = "wasm32"))]
fn by_tables(text: &str) -> String {
    unicode_normalization::UnicodeNormalization::nfkc(text).collect()
}

#[cfg(target_arch = "wasm32")]
fn by_tables(text: &str) -> String {
    use wasm_bindgen::prelude::wasm_bindgen;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = ["String", "prototype", "normalize"], js_name = call)]
        fn normalize(text: &str, form: &str) -> String;
    }
    normalize(text, "NFKC")
}
