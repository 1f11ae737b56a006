//! Our profile against the library's.

#![allow(clippy::unwrap_used)]

use precis_core::profile::{PrecisFastInvocation, Rules, stabilize};
use precis_profiles::Nickname;
use proptest::prelude::*;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::*;

fn enforced(text: &str) -> Option<String> {
    Nickname::enforce(text).ok().map(Into::into)
}

fn folded(text: &str) -> Option<String> {
    let profile = Nickname::new();
    Nickname::prepare(text).ok()?;
    // The comparison steps of RFC 8266 §2.4, in its order.
    let folded = stabilize(text, |s| {
        let s = profile.additional_mapping_rule(s)?;
        let s = profile.case_mapping_rule(s)?;
        profile.normalization_rule(s)
    });
    folded.ok().map(Into::into)
}

fn is_as_the_library_says(text: &str) {
    assert_eq!(profile::enforced(text).ok(), enforced(text), "{text:?}");
    assert_eq!(profile::folded(text).ok(), folded(text), "{text:?}");
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

#[test]
fn every_character_is_as_the_library_says_wherever_it_stands() {
    for character in ('\0'..=char::MAX).filter(|c| !is_joiner(*c)) {
        is_as_the_library_says(&format!("x{character}"));
        let contexts = "·\u{375}\u{5f3}\u{5f4}\u{30fb}\u{660}\u{669}\u{6f0}\u{6f9}";
        if enforced(&format!("x{character}")).is_none() && !contexts.contains(character) {
            continue;
        }
        for (before, after) in [
            ("", ""),
            ("", "\u{b7}l"),
            ("l\u{b7}", ""),
            ("\u{375}", "α"),
            ("א", "\u{5f3}"),
            ("א", "\u{5f4}"),
            ("", "\u{30fb}"),
            ("\u{661}", ""),
            ("\u{6f1}", ""),
            ("A ", " \u{301}"),
        ] {
            is_as_the_library_says(&format!("{before}{character}{after}"));
        }
        assert_eq!(
            profile::is_mark(character),
            is_combining_mark(character),
            "{character:?}"
        );
    }
    for joined in [
        "\u{915}\u{94d}\u{200d}\u{937}",
        "\u{915}\u{94d}\u{200c}\u{937}",
    ] {
        assert!(folded(joined).is_some() && profile::folded(joined).is_err());
        assert!(Name::new(joined).is_err());
    }
}

/// A browser's normalization may be of any version from 6.3 on.
#[test]
fn what_is_newer_than_what_names_may_hold_is_normalized_by_no_version() {
    let allowed = |c: &char| profile::enforced(&format!("x{c}")).is_ok();
    for character in ('\0'..=char::MAX).filter(allowed) {
        for small in character.to_lowercase().filter(|small| !allowed(small)) {
            let class = unicode_normalization::char::canonical_combining_class(small);
            assert!(
                class == 0 && small.is_lowercase(),
                "{character:?} {small:?}"
            );
            assert!(small.nfkd().eq([small]) && small.nfkc().eq([small]));
            let composes = |mark| unicode_normalization::char::compose(small, mark).is_some();
            assert!(!('\u{300}'..='\u{36f}').any(composes));
        }
    }
}

/// Texts of what is hard: letters with marks before and behind, capitals, width, ligatures, Hangul, spaces, what is refused.
fn hard() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "[A-Za-zÀ-ÿ ]{1,3}",
        "[\u{300}-\u{345}\u{5b0}-\u{5c2}\u{e38}\u{f71}\u{f72}\u{3099}\u{1d165}]{1,4}",
        "[ﬀ-ﬆ①-⑳Ⅰ-ⅿ㌀-㏿ｦ-ﾝ！-～ªºµſ\u{1c4}-\u{1cc}\u{fdfa}]{1,2}",
        "[\u{1100}-\u{1112}\u{1161}-\u{1175}\u{11a8}-\u{11c2}가-힣]{1,3}",
        "[\u{a0}\u{2000}-\u{200b}\u{3000}\u{ad}\u{375}\u{5d0}\u{5f3}\u{30fb}ア\u{660}\u{6f0}·l]{1,3}",
        "[ΑΣςσİıẞßᎠꭰᏸ\u{10c7}\u{1e9e}\u{212b}\u{2126}]{1,2}",
        any::<char>().prop_map(Into::into),
    ];
    prop::collection::vec(parts, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn texts_are_as_the_library_says(text in hard()) {
        prop_assume!(!text.contains(is_joiner));
        is_as_the_library_says(&text);
    }

    /// The short way gives what the profile gives.
    #[test]
    fn plain_texts_are_what_the_profile_makes_of_them(text in "[ -~]{1,32}") {
        prop_assume!(is_plain(&text));
        prop_assert_eq!(profile::enforced(&text).unwrap(), text.as_str());
        prop_assert_eq!(profile::folded(&text).unwrap(), text.to_ascii_lowercase());
    }
}
