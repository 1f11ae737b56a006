//! Sentences as templates, of which every one that can be said stands in a list.

use std::collections::BTreeMap;

use crate::{Said, SaidValue};

/// A sentence, or a part of one, in ICU's format of messages; of that, `{name}`, `{name, number}`, `{name, plural, …}` and `#` in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Template(pub(super) &'static str);

impl Template {
    /// As it stands.
    pub(super) fn said(self) -> Said {
        self.with([])
    }

    pub(super) fn with<const N: usize>(self, values: [(&str, SaidValue); N]) -> Said {
        self.with_each(&mut values.into_iter())
    }

    fn with_each(self, given: &mut dyn Iterator<Item = (&str, SaidValue)>) -> Said {
        let mut values = BTreeMap::new();
        for (name, value) in given {
            values.insert(name.to_owned(), value);
        }
        Said {
            template: self.0.to_owned(),
            values,
        }
    }
}

/// Templates by name. None is made elsewhere, so that their list, which translations are checked by, lacks none.
macro_rules! templates {
    ($($name:ident = $text:expr;)*) => {
        $(const $name: $crate::template::Template = $crate::template::Template($text);)*

        #[cfg(test)]
        pub(crate) const ALL: &[$crate::template::Template] = &[$($name),*];
    };
}

pub(super) use templates;
