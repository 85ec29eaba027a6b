//! `cargo xtask serve`: the built page on this machine, as a static host would serve it.

use std::fs::File;
use std::path::{Path, PathBuf};

use tiny_http::{Header, Response, Server};

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
    let server =
        Server::http(("127.0.0.1", port)).map_err(|error| format!("port {port}: {error} (try --port N)"))?;
    println!("Podreach is at http://127.0.0.1:{port}{base}  (Ctrl+C stops it)");
    for request in server.incoming_requests() {
        let (dist, base) = (dist.clone(), base.clone());
        // Each in a thread of its own: a browser that reads slowly must not keep the others waiting.
        std::thread::spawn(move || {
            // A browser that closes the connection early is no error.
            let _ = match respond(&dist, &base, request.url()) {
                Some((file, kind)) => {
                    let header = Header::from_bytes("Content-Type", kind).expect("the types below are valid");
                    request.respond(Response::from_file(file).with_header(header))
                }
                None => request.respond(Response::from_string("not found").with_status_code(404)),
            };
        });
    }
    Ok(())
}

/// The file below `dist` that a URL names, with its media type. Never outside of `dist`.
fn respond(dist: &Path, base: &str, url: &str) -> Option<(File, &'static str)> {
    let path = url.split(['?', '#']).next()?.strip_prefix(base)?;
    let mut file = PathBuf::from(dist);
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == ".." || part.contains('\\') {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    let kind = match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => "text/plain; charset=utf-8",
    };
    Some((File::open(file).ok()?, kind))
}
