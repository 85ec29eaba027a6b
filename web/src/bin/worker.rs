//! The Web Worker that runs `analyze`, so that the page never waits.

fn main() {
    web::start_worker();
}
