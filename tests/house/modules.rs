//! The modules of a crate, and which of them uses which.
//!
//! A module uses another one if a path in it, in a `use` or elsewhere, leads there; in macros, a path that begins with `crate`, `super`
//! or `self`. Where the path leads through names that a module passes on (`pub use`), it leads to the module that has the item. Tests
//! are left out.
//!
//! Each use is one between neighbours: from `a::b` to `a::c::d` it goes from `b` to `c`, both in `a`. A use of a module above or below
//! goes to no neighbour. A call of a method names no path, and is not seen.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    File, ImplItemFn, Item, ItemMod, ItemUse, Macro, UseTree,
    ext::IdentExt as _,
    visit::{self, Visit},
};

use crate::{is_test, parsed, sources};

/// The names on the way to a module from the crate's root, or of a path as it is written.
pub(crate) type Way = Vec<String>;

/// A use of one neighbour by another: the module that both are in, who uses, and what is used.
pub(crate) type Use = (Way, String, String);

/// The steps from one name to another that are followed at most.
const STEPS: usize = 8;

#[derive(Default)]
pub(crate) struct Modules(BTreeMap<Way, Module>);

#[derive(Default)]
struct Module {
    items: BTreeSet<String>,
    /// What it calls so by a `use`.
    names: BTreeMap<String, Way>,
    /// Paths whose every item it calls by its name.
    globs: Vec<Way>,
    paths: BTreeSet<Way>,
}

impl Modules {
    /// Reads all files of a crate.
    pub(crate) fn of_crate(dir: &Path) -> Self {
        let mut modules = Self::default();
        for path in sources(dir) {
            let way = path
                .strip_prefix(dir.join("src"))
                .unwrap()
                .with_extension("");
            let way = way.iter().map(|name| name.to_str().unwrap().to_owned());
            let way = way.filter(|name| !["lib", "main", "mod"].contains(&name.as_str()));
            modules.add(way.collect(), &parsed(&path));
        }
        modules
    }

    /// Reads the file of a module.
    pub(crate) fn add(&mut self, way: Way, file: &File) {
        self.0.entry(way.clone()).or_default();
        Reader {
            modules: self,
            here: way,
        }
        .visit_file(file);
    }

    /// The modules beside one another right under the root.
    pub(crate) fn at_the_top(&self) -> BTreeSet<&str> {
        let ways = self.0.keys().filter(|way| way.len() == 1);
        ways.map(|way| way[0].as_str()).collect()
    }

    /// All uses of neighbours.
    pub(crate) fn uses(&self) -> BTreeSet<Use> {
        let mut uses = BTreeSet::new();
        for (here, module) in &self.0 {
            for path in &module.paths {
                let Some(to) = self.absolute(here, path) else {
                    continue;
                };
                let to = self.owner(&to, STEPS);
                let shared = here.iter().zip(&to).take_while(|(a, b)| a == b).count();
                if let (Some(from), Some(to)) = (here.get(shared), to.get(shared)) {
                    uses.insert((here[..shared].to_vec(), from.clone(), to.clone()));
                }
            }
        }
        uses
    }

    /// A path of a module, from the root on; none if it leads out of the crate.
    fn absolute(&self, here: &[String], path: &[String]) -> Option<Way> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([here, rest].concat()),
            "super" => {
                let above = here.split_last()?.1;
                match rest.first() {
                    Some(next) if next == "super" => self.absolute(above, rest),
                    _ => Some([above, rest].concat()),
                }
            }
            _ => {
                let child = [here, std::slice::from_ref(first)].concat();
                if self.0.contains_key(&child) {
                    return Some([here, path].concat());
                }
                let named = self.0.get(here)?.names.get(first)?;
                // `use io::io` names itself.
                let named =
                    (named.first() != Some(first)).then(|| self.absolute(here, named))??;
                Some([named.as_slice(), rest].concat())
            }
        }
    }

    /// The module that has the item that a path from the root leads to.
    fn owner(&self, path: &[String], steps: usize) -> Way {
        let mut at = Way::new();
        for (index, name) in path.iter().enumerate() {
            let child = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.0.contains_key(&child) {
                at = child;
                continue;
            }
            let on = self.passed_on(&at, name).filter(|_| steps > 0);
            return match on {
                Some(on) => self.owner(&[on.as_slice(), &path[index + 1..]].concat(), steps - 1),
                None => at,
            };
        }
        at
    }

    /// The path from the root of a name that a module has from elsewhere.
    fn passed_on(&self, at: &[String], name: &String) -> Option<Way> {
        let module = self.0.get(at)?;
        if let Some(named) = module.names.get(name) {
            return self.absolute(at, named);
        }
        if module.items.contains(name) {
            return None;
        }
        let globs = module.globs.iter().filter_map(|it| self.absolute(at, it));
        globs
            .filter(|from| {
                let module = self.0.get(from);
                module.is_some_and(|it| it.items.contains(name) || it.names.contains_key(name))
            })
            .map(|from| [from.as_slice(), std::slice::from_ref(name)].concat())
            .next()
    }
}

struct Reader<'m> {
    modules: &'m mut Modules,
    here: Way,
}

impl Reader<'_> {
    fn module(&mut self) -> &mut Module {
        self.modules.0.entry(self.here.clone()).or_default()
    }

    fn use_tree(&mut self, mut path: Way, tree: &UseTree) {
        match tree {
            UseTree::Path(it) => {
                path.push(it.ident.unraw().to_string());
                self.use_tree(path, &it.tree);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.use_tree(path.clone(), tree);
                }
            }
            UseTree::Glob(_) => {
                self.module().globs.push(path.clone());
                self.module().paths.insert(path);
            }
            UseTree::Name(it) => {
                let name = it.ident.unraw().to_string();
                if name != "self" {
                    path.push(name);
                }
                self.bind(path.last().cloned(), path);
            }
            UseTree::Rename(it) => {
                if it.ident != "self" {
                    path.push(it.ident.unraw().to_string());
                }
                self.bind(Some(it.rename.unraw().to_string()), path);
            }
        }
    }

    fn bind(&mut self, name: Option<String>, path: Way) {
        if let Some(name) = name {
            self.module().names.insert(name, path.clone());
        }
        self.module().paths.insert(path);
    }

    /// Finds paths from a crate's root or a module above among tokens.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path = Way::new();
        for tree in tokens {
            match tree {
                TokenTree::Punct(punct) if punct.as_char() == ':' => continue,
                TokenTree::Ident(name) => {
                    let name = name.unraw().to_string();
                    if !path.is_empty() || ["crate", "super", "self"].contains(&name.as_str()) {
                        path.push(name);
                        continue;
                    }
                }
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
            self.module().paths.insert(std::mem::take(&mut path));
        }
        self.module().paths.insert(path);
    }
}

impl<'a> Visit<'a> for Reader<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        let (attributes, name) = match item {
            Item::Const(it) => (&it.attrs, Some(&it.ident)),
            Item::Enum(it) => (&it.attrs, Some(&it.ident)),
            Item::Fn(it) => (&it.attrs, Some(&it.sig.ident)),
            Item::Impl(it) => (&it.attrs, None),
            Item::Macro(it) => (&it.attrs, it.ident.as_ref()),
            Item::Mod(it) => (&it.attrs, None),
            Item::Static(it) => (&it.attrs, Some(&it.ident)),
            Item::Struct(it) => (&it.attrs, Some(&it.ident)),
            Item::Trait(it) => (&it.attrs, Some(&it.ident)),
            Item::Type(it) => (&it.attrs, Some(&it.ident)),
            Item::Use(it) => (&it.attrs, None),
            _ => return visit::visit_item(self, item),
        };
        if !is_test(attributes) {
            let name = name.map(|it| it.unraw().to_string());
            self.module().items.extend(name);
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a ImplItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'a ItemMod) {
        if item.content.is_some() {
            self.here.push(item.ident.unraw().to_string());
            self.module();
            visit::visit_item_mod(self, item);
            self.here.pop();
        }
    }

    fn visit_item_use(&mut self, item: &'a ItemUse) {
        if item.leading_colon.is_none() {
            self.use_tree(Way::new(), &item.tree);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let names = path.segments.iter().map(|it| it.ident.unraw().to_string());
            self.module().paths.insert(names.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'a Macro) {
        self.tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }
}
