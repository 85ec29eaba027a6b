//! Runs one scene once, in a process of its own: for the peak of its memory, and under valgrind for its instructions. Without a
//! scene it lists them: name, nodes, pods and kube-scheduler's rate, 0 when there is none.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line talks to its caller")]

use std::process::ExitCode;

use bench::{Run, SCENES, Scene};

fn main() -> ExitCode {
    let Some(name) = std::env::args().nth(1) else {
        for Scene { name, nodes, pods, reference, .. } in SCENES {
            println!("{name} {nodes} {pods} {}", reference.unwrap_or(0));
        }
        return ExitCode::SUCCESS;
    };
    let Some(scene) = Scene::named(&name) else {
        eprintln!("there is no scene `{name}`");
        return ExitCode::FAILURE;
    };
    let placed = measured(&mut scene.prepare());
    println!("{placed} pods placed");
    if let Some(peak) = peak() {
        println!("{peak} KiB at most");
    }
    if placed == scene.places() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What valgrind counts: not inlined, so that it knows the function by its name.
#[inline(never)]
fn measured(run: &mut Run) -> u32 {
    run.run()
}

/// The most memory that the process has had, in KiB, where the kernel tells.
#[expect(clippy::disallowed_methods, reason = "a command line tool reads files")]
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}
