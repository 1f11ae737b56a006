//! Sentences before anything stands in them.

/// A sentence, or a part of one, in ICU's format of messages; of that, `{name}`, `{name, number}`, `{name, plural, …}` and `#` in it.
#[derive(Clone, Copy, Debug)]
pub struct Template(pub &'static str);

/// The templates of an action, by name. None is made elsewhere, so that their list, which translations are checked by, lacks none.
macro_rules! sentences {
    ($vis:vis const $all:ident; $($name:ident = $text:expr;)*) => {
        $(const $name: $crate::template::Template = $crate::template::Template($text);)*

        /// Every sentence that says the rule.
        $vis const $all: &[$crate::template::Template] = &[$($name),*];
    };
    ($($name:ident = $text:expr;)*) => {
        $(const $name: $crate::template::Template = $crate::template::Template($text);)*

        /// Every sentence that says what the action does.
        pub(super) const SENTENCES: &[$crate::template::Template] = &[$($name),*];
    };
}

pub(crate) use sentences;
