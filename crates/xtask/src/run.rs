//! `cargo xtask run`: a demo service on this machine and the window that talks to it.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::process::{self, Running};
use crate::system::Purpose;
use crate::{paths, setup};

/// The service's port when nothing else has it.
const USUAL_PORT: u16 = 8787;

const NO_DISPLAY: &str = "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.
`cargo xtask run --headless` runs the service alone.";

/// Opens the window beside a demo service, or runs the service alone.
pub(crate) fn run(headless: bool) -> Result<()> {
    ensure!(headless || has_display(), NO_DISPLAY);
    setup::prepare(Purpose::Use)?;
    if headless {
        process::run(&mut process::cargo(&["build", "--package", "server"]))?;
        return serve_alone();
    }
    setup::build_ui()?;
    // The whole workspace, as the tests build it: another selection would compile the largest libraries once more for them.
    process::run(&mut process::cargo(&["build", "--workspace", "--bins"]))?;
    let address = free_address()?;
    let mut service = Running(service(address)?.spawn().context("cannot start the service")?);
    wait_until_healthy(address, &mut service.0)?;
    tell(address);
    let mut window = process::command(paths::window());
    window.env("PROTEACHER_SERVER_URL", format!("http://{address}"));
    if std::env::var_os("PROTEACHER_DATA_DIR").is_none() {
        window.env("PROTEACHER_DATA_DIR", paths::scratch().join("demo/desktop"));
    }
    process::run(&mut window)
}

/// The service in the foreground: on Unix it takes this program's place, so that whatever stops this stops it.
fn serve_alone() -> Result<()> {
    let address = free_address()?;
    tell(address);
    let mut service = service(address)?;
    #[cfg(unix)]
    {
        let error = std::os::unix::process::CommandExt::exec(&mut service);
        Err(error).context("cannot start the service")
    }
    #[cfg(not(unix))]
    process::run(&mut service)
}

fn tell(address: SocketAddr) {
    println!("Demo service: http://{address}  (files: {})", paths::scratch().join("demo").display());
    println!("Sign in as teacher-a or school193625; the other accounts are in the README; every password is demo");
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The demo service, not started yet, with its database and uploads in a folder of its own.
fn service(address: SocketAddr) -> Result<Command> {
    let folder = paths::scratch().join("demo/service");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let mut service = process::command(paths::service());
    service
        .args(["serve", "--demo"])
        .env("PROTEACHER_LISTEN", address.to_string())
        .env("PROTEACHER_DATABASE_URL", format!("sqlite://{}", folder.join("service.sqlite").display()))
        .env("PROTEACHER_BLOBS", format!("file://{}", folder.join("blobs").display()));
    Ok(service)
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, USUAL_PORT))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("no free port on this machine")?;
    Ok(listener.local_addr()?)
}

fn wait_until_healthy(address: SocketAddr, service: &mut Child) -> Result<()> {
    const TRIES: u32 = 300;
    for _ in 0..TRIES {
        if let Some(status) = service.try_wait()? {
            bail!("the service stopped at once ({status}); its reason is above");
        }
        if is_healthy(address).unwrap_or(false) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("the service does not answer on http://{address}/healthz");
}

fn is_healthy(address: SocketAddr) -> std::io::Result<bool> {
    let wait = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, wait)?;
    stream.set_read_timeout(Some(wait))?;
    stream.write_all(format!("GET /healthz HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split(' ').nth(1) == Some("200"))
}
