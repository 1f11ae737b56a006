//! Sentences as templates, of which every one that can be said stands in a list.

use crate::body::{SaidBody, ValueBody};

/// A sentence, or a part of one, in ICU's format of messages; of that, `{name}`, `{name, number}`, `{name, plural, …}` and `#` in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template(pub(super) &'static str);

impl Template {
    /// As it stands.
    pub(super) fn said(self) -> SaidBody {
        self.with([])
    }

    pub(super) fn with<const N: usize>(self, values: [(&str, ValueBody); N]) -> SaidBody {
        let values = values.map(|(name, value)| (name.to_owned(), value));
        SaidBody {
            template: self.0.to_owned(),
            values: values.into(),
        }
    }
}

/// Templates by name. None is made elsewhere, so that their list, which translations are checked by, lacks none.
macro_rules! templates {
    ($($name:ident = $text:expr;)*) => {
        $(const $name: $crate::explain::template::Template = $crate::explain::template::Template($text);)*

        #[cfg(test)]
        pub(super) const ALL: &[$crate::explain::template::Template] = &[$($name),*];
    };
}

pub(super) use templates;
