//! Sentences as templates, of which every one that can be said stands in a list.

/// Templates by name. None is made elsewhere, so that their list, which translations are checked by, lacks none.
macro_rules! templates {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $text:expr;)*) => {
        $($(#[$doc])* $vis const $name: bolao_ledger::said::Template = bolao_ledger::said::Template($text);)*

        #[cfg(test)]
        pub(crate) const ALL: &[bolao_ledger::said::Template] = &[$($name),*];
    };
}

pub(super) use templates;
