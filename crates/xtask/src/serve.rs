//! `cargo xtask serve`: the built page on this machine, as a static host would serve it.

use std::path::Path;

use axum::Router;
use axum::http::{HeaderValue, header};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{build, sh};

/// Builds unless told not to, and serves until it is stopped.
pub(crate) fn run(args: &[String]) -> Result<(), String> {
    let (mut port, mut base, mut build) = (8080_u16, "/".to_owned(), true);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} wants a value"));
        match arg.as_str() {
            "--port" => port = value()?.parse().map_err(|_| "--port wants a number up to 65535")?,
            "--base" => base = format!("/{}/", value()?.trim_matches('/')).replace("//", "/"),
            "--no-build" => build = false,
            other => return Err(format!("unknown option {other}")),
        }
    }
    if build {
        build::run()?;
    }
    let dist = sh::root().join("dist");
    if !dist.join("index.html").exists() {
        return Err("dist/ is empty: run `cargo xtask build` first".to_owned());
    }
    let runtime = Runtime::new().map_err(|error| format!("the server's threads: {error}"))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(|error| format!("port {port}: {error} (try --port N)"))?;
        println!("Podreach is at http://127.0.0.1:{port}{base}  (Ctrl+C stops it)");
        axum::serve(listener, site(&dist, &base)).await.map_err(|error| format!("port {port}: {error}"))
    })
}

/// The files of `dist`, below `base` alone. A browser asks for each again, so that it never shows an earlier build.
fn site(dist: &Path, base: &str) -> Router {
    let files = ServeDir::new(dist);
    let site = match base {
        "/" => Router::new().fallback_service(files),
        base => Router::new().nest_service(base, files),
    };
    site.layer(SetResponseHeaderLayer::overriding(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    ))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    /// A browser opens several connections before it sends on any, and keeps them: two windows must not wait for each other.
    #[test]
    fn connections_that_stay_open_keep_nobody_waiting() {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let files = sh::root().join("web/assets");
        runtime.spawn(async move { axum::serve(listener, site(&files, "/docs/play/")).await });

        let mut connections: Vec<_> = (0..24).map(|_| TcpStream::connect(address).unwrap()).collect();
        for connection in &mut connections {
            connection.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            connection.write_all(b"GET /docs/play/icon.svg HTTP/1.1\r\nHost: podreach\r\n\r\n").unwrap();
        }
        for connection in &mut connections {
            let mut status = [0; 15];
            connection.read_exact(&mut status).unwrap();
            assert_eq!(&status, b"HTTP/1.1 200 OK");
        }
    }
}
