//! A desktop for benchmarks: the window's use cases on a folder of its own, at a service of the same program.

use desktop::{Config, Desktop, ReaderProgram, World};
use std::{path::Path, sync::Arc};
use testkit::FakeClock;

/// A desktop with nobody signed in, which opens its store with a passphrase.
pub(crate) async fn desktop(data: &Path, server: &str, clock: &FakeClock) -> Desktop {
    let config = Config {
        data: data.to_owned(),
        server: server.to_owned(),
        passphrase: Some("a passphrase for benchmarks".to_owned()),
        fonts: desktop::find_fonts(None),
        // Nothing is attached here.
        reader: ReaderProgram {
            program: env!("CARGO_BIN_EXE_proteacher").into(),
            args: vec!["scan-reader".to_owned()],
        },
        keyring: false,
    };
    let clock = clock.clone();
    let world = World { now: Arc::new(move || clock.now()), id: World::real().id };
    Desktop::start(config, world).await.expect("the folder can be made")
}
