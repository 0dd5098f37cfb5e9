//! The fonts of prints: found on this computer, loaded once.

use crate::Desktop;
use print::Fonts;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use wire::{Code, Failure};

/// The fonts, loaded.
pub(crate) struct Loaded {
    pub(crate) fonts: Fonts,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Loaded")
    }
}

/// Where the fonts of prints may lie: the folder named by `PROTEACHER_FONTS`, beside the installed program, and where the
/// workspace keeps them while it is being built.
pub fn find_fonts(resources: Option<&Path>) -> Vec<PathBuf> {
    let named = std::env::var_os("PROTEACHER_FONTS").map(PathBuf::from);
    let program = std::env::current_exe().ok().and_then(|exe| exe.parent().map(Path::to_owned));
    let beside = program.map(|folder| folder.join("fonts"));
    let resources = resources.map(|folder| folder.join("fonts"));
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.build/fonts");
    [named, resources, beside, Some(workspace)].into_iter().flatten().filter(|folder| folder.is_dir()).collect()
}

/// 標楷體 where systems keep it: Windows, macOS, and Debian's fonts of the national character set.
const KAI: [&str; 6] = [
    "C:\\Windows\\Fonts\\kaiu.ttf",
    "/System/Library/Fonts/Supplemental/BiauKai.ttf",
    "/Library/Fonts/BiauKai.ttf",
    "/usr/share/fonts/truetype/cns11643/TW-Kai-98_1.ttf",
    "/usr/share/fonts/truetype/cns11643/TW-Kai-Ext-B-98_1.ttf",
    "/usr/share/fonts/truetype/cns11643/TW-Kai-Plus-98_1.ttf",
];

impl Desktop {
    pub(crate) async fn fonts(&self) -> Result<Arc<Loaded>, Failure> {
        let load = || async {
            let folders = self.config.fonts.clone();
            tokio::task::spawn_blocking(move || load(&folders))
                .await
                .unwrap_or_else(|_| Err(Failure::new(Code::Internal, "the fonts could not be loaded")))
        };
        self.fonts.get_or_try_init(load).await.cloned()
    }
}

fn load(folders: &[PathBuf]) -> Result<Arc<Loaded>, Failure> {
    let missing = |why: String| {
        let folder = folders.first().map(|folder| folder.display().to_string());
        Failure::with(Code::FontsMissing, json!({ "folder": folder }), why)
    };
    let folder = folders.first().ok_or_else(|| missing("no folder of fonts was found".to_owned()))?;
    let entries = std::fs::read_dir(folder).map_err(|error| missing(error.to_string()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("ttf")));
    paths.sort();
    paths.extend(KAI.iter().map(PathBuf::from).filter(|path| path.is_file()));
    let files = paths.iter().filter_map(|path| std::fs::read(path).ok());
    let fonts = Fonts::load(files).map_err(|error| missing(error.to_string()))?;
    Ok(Arc::new(Loaded { fonts }))
}
