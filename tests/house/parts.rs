//! Parts: functions of the crate `chain` that are handed all of its parts and may change each. A reader of such a function knows
//! nothing of what it touches.
//!
//! Counted are signatures with a `&mut` of the type that house.toml names, or of another name for it, and those with `&mut self` in its
//! `impl` blocks. So a function that becomes a method of the type counts on, and where no type has the name any more the test fails: a
//! renaming does not satisfy this. Handing on several parts side by side does, and so does `&mut` of a further type that holds them.

use std::collections::{BTreeMap, BTreeSet};

use syn::{
    File, FnArg, Item, ItemImpl, ItemMod, ItemType, ReceiverKind, Signature, Type, UseRename,
    visit::{self, Visit},
};

use crate::{crates, is_test, lists, parsed, sources};

#[test]
fn no_more_functions_may_change_every_part() {
    let name = lists::word(["parts", "of"]);
    let files: Vec<_> = sources(&crates()["chain"])
        .map(|path| (path.display().to_string(), parsed(&path)))
        .collect();
    let declares = |file: &File| {
        let mut items = file.items.iter();
        items.any(|item| matches!(item, Item::Struct(item) if item.ident == name))
    };
    assert!(
        files.iter().any(|(_, file)| declares(file)),
        "chain has no struct `{name}`: say in house.toml which type holds the parts now"
    );
    let names = names(files.iter().map(|(_, file)| file), &name);
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for (path, file) in &files {
        found.insert(path, signatures(file, &names));
    }
    found.retain(|_, count| *count > 0);
    let advice = format!("hand a function the parts that it needs; by file: {found:#?}");
    lists::is_figure(["parts", "signatures"], found.values().sum(), &advice);
}

/// The names of a type in these files: its own, and those that a `use` or an alias gives it.
fn names<'f>(files: impl Iterator<Item = &'f File>, name: &str) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::from([name.to_owned()]));
    for file in files {
        names.visit_file(file);
    }
    names.0
}

struct Names(BTreeSet<String>);

impl<'a> Visit<'a> for Names {
    fn visit_use_rename(&mut self, item: &'a UseRename) {
        if self.0.contains(&item.ident.to_string()) {
            self.0.insert(item.rename.to_string());
        }
    }

    fn visit_item_type(&mut self, item: &'a ItemType) {
        if is_one_of(&self.0, &item.ty) {
            self.0.insert(item.ident.to_string());
        }
    }
}

fn is_one_of(names: &BTreeSet<String>, ty: &Type) -> bool {
    let Type::Path(ty) = ty else { return false };
    let last = ty.path.segments.last();
    last.is_some_and(|it| names.contains(&it.ident.to_string()))
}

/// The number of functions of a file that may change the whole of a type.
fn signatures(file: &File, names: &BTreeSet<String>) -> usize {
    let mut places = Places {
        names,
        within: false,
        count: 0,
    };
    places.visit_file(file);
    places.count
}

struct Places<'n> {
    names: &'n BTreeSet<String>,
    /// Whether `self` is the type.
    within: bool,
    count: usize,
}

impl Places<'_> {
    fn is_mutable(&self, input: &FnArg) -> bool {
        match input {
            FnArg::Receiver(it) => {
                self.within && matches!(it.kind, ReceiverKind::Reference(.., Some(_)))
            }
            FnArg::Typed(it) => {
                matches!(&*it.ty, Type::Reference(ty) if ty.mutability.is_some() && is_one_of(self.names, &ty.elem))
            }
        }
    }
}

impl<'a> Visit<'a> for Places<'_> {
    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'a ItemImpl) {
        if !is_test(&item.attrs) {
            let within = is_one_of(self.names, &item.self_ty);
            let outside = std::mem::replace(&mut self.within, within);
            visit::visit_item_impl(self, item);
            self.within = outside;
        }
    }

    fn visit_signature(&mut self, signature: &'a Signature) {
        let mut inputs = signature.inputs.iter();
        self.count += usize::from(inputs.any(|it| self.is_mutable(it)));
        visit::visit_signature(self, signature);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_that_may_change_count() {
        let source = "
            fn one(x: u8, parts: &mut Parts) {}
            trait Votes { fn two(&mut self, parts: &mut crate::core::Parts) -> u8; fn not(&mut self); }
            impl Parts { fn three(&mut self) {} fn not(&self) {} }
            impl Other { fn not(&mut self, parts: &Parts, chain: &mut Chain) {} }
            #[cfg(test)] mod tests { fn not(parts: &mut Parts) {} }
            use crate::core::Parts as All; type Whole = All; fn four(parts: &mut All, whole: &mut Whole) {}";
        let file = syn::parse_str(source).unwrap();
        let names = names([&file].into_iter(), "Parts");
        assert_eq!(signatures(&file, &names), 4);
    }
}
